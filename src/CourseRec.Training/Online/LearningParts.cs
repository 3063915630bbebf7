using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Native;
using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Online;

/// <summary>All that the trainer's thread works with, put together for a model's shape.</summary>
internal sealed class LearningParts : IDisposable
{
    private readonly CheckpointFolder? _folder;

    public LearningParts(
        OnlineTrainerOptions options,
        SequentialConfig config,
        CourseIndex courses,
        SharedParts shared,
        TimeProvider time,
        ILogger logger
    )
    {
        var random = new Random(unchecked((int)options.Seed));
        _folder = options.Folder is { } path ? new(path) : null;
        (Served, Counters, HeldOutUsers) = (shared.Served, shared.Counters, new(options.HeldOut));
        Learner = new(options, config, courses, random);
        HeldOut = new(random);
        Forgetting = new(HeldOut, Learner.Vocabulary, time);
        var guard = new Guard(HeldOut, Learner.Vocabulary, time);
        Publisher = new(Learner, guard, shared.Served, shared.Freshness, shared.Counters, options, time, logger);
    }

    public HeldOutUsers HeldOutUsers { get; }

    public HeldOutExamples HeldOut { get; }

    public Learner Learner { get; }

    public Publisher Publisher { get; }

    public ForgettingWatch Forgetting { get; }

    public ServedModels Served { get; }

    public OnlineCounters Counters { get; }

    /// <summary>Goes on from a checkpoint.</summary>
    /// <exception cref="TrainingException">libtorch refuses the state.</exception>
    /// <exception cref="ArgumentException">The sequences don't fit the model.</exception>
    public void Resume(OnlineCheckpoint checkpoint, ServedModel online)
    {
        var header = checkpoint.Header;
        var state = new LearnerState(online.Parameters.CourseIds, checkpoint.Native, header.Age);
        Learner.Restore(state);
        Learner.Rates.Scale = header.Scale;
        Publisher.Begin(new(state, checkpoint.Dense, header.Averaged), header.Number);
        ReadOnlySpan<int> values = checkpoint.Sequences;
        var (users, recent) = (Next(ref values), Next(ref values));
        Learner.Replay.Restore(users, recent, header.SeenUsers);
        foreach (var course in users.SelectMany(sequence => sequence.Courses))
            Learner.Vocabulary.CountTarget(Learner.Vocabulary.Row(course));
        var (recentHeld, oldHeld) = (Next(ref values), Next(ref values));
        HeldOut.Restore(recentHeld.Select(Held), oldHeld.Select(Held), header.SeenHeldOut);
    }

    /// <summary>Begins from the parameters of a finished model.</summary>
    /// <exception cref="TrainingException">libtorch failed.</exception>
    public void Begin(ServedModel model)
    {
        Learner.Begin(model.Parameters);
        Publisher.Begin(new(Learner.Save(), [], 0), 0);
    }

    /// <summary>Writes a checkpoint, where there is a folder and something to write.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    public void Save(ServedModel? online, ServedModel? frozen)
    {
        if (_folder is null || online is null || Publisher.Accepted is not { } accepted)
            return;
        _folder.Write(
            online,
            frozen,
            names => new(Header(names, accepted), accepted.Dense, accepted.Learner.Native, Sequences(accepted))
        );
    }

    public void Dispose() => Learner.Dispose();

    private List<StoredSequence> Next(ref ReadOnlySpan<int> values) =>
        SequenceLists.Decode(ref values, Learner.Vocabulary);

    private static HeldOutExample Held(StoredSequence sequence) => new(sequence.User, sequence.Courses);

    private static StoredSequence Stored(HeldOutExample example) => new(example.User, example.Courses);

    private int[] Sequences(AcceptedState accepted) =>
        SequenceLists.Encode(
            Learner.Vocabulary,
            accepted.Learner.CourseIds.Count,
            Learner.Replay.Sample,
            Learner.Replay.Recent,
            HeldOut.Recent.Select(Stored),
            HeldOut.Old.Select(Stored)
        );

    private OnlineHeader Header(
        (string Model, string ModelFile, string? Frozen, string? FrozenFile) names,
        AcceptedState accepted
    ) =>
        new(
            names.Model,
            names.ModelFile,
            names.Frozen,
            names.FrozenFile,
            Publisher.Number,
            accepted.Learner.Age,
            Learner.Rates.Scale,
            accepted.Averaged,
            Learner.Replay.Seen,
            HeldOut.Seen
        );
}

/// <summary>What other threads look at too.</summary>
internal sealed record SharedParts(ServedModels Served, Freshness Freshness, OnlineCounters Counters);
