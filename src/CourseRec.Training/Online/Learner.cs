using CourseRec.Actors.Learning;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Online;

/// <summary>
/// The model that learns: puts fresh and repeated sequences into steps, and gives new courses a row. One thread's.
/// </summary>
internal sealed class Learner : IDisposable
{
    private readonly OnlineTrainerOptions _options;
    private readonly SequentialConfig _config;
    private readonly Coalescer _waiting;
    private readonly OnlineBatch _batch;
    private readonly RowStart _start;
    private TrainingModel? _model;
    private double _credit;

    public Learner(OnlineTrainerOptions options, SequentialConfig config, CourseIndex courses, Random random)
    {
        (_options, _config) = (options, config);
        _waiting = new(joins: config.Objective == SequentialObjective.NextItem);
        Vocabulary = new(courses);
        Replay = new(options.ReplayCapacity, config.MaxLength + 1, random);
        Rates = new(options);
        _batch = new(config, Vocabulary, random);
        _start = new(Vocabulary, random);
    }

    public Vocabulary Vocabulary { get; }

    public ReplayBuffer Replay { get; }

    public RateControl Rates { get; }

    public TrainingRound Round { get; } = new();

    /// <summary>Whether there is a model yet.</summary>
    public bool HasModel => _model is not null;

    /// <summary>Whether examples wait for a step.</summary>
    public bool HasFresh => _waiting.Count > 0;

    /// <summary>Whether enough was earned for a step of repeated sequences.</summary>
    public bool HasCredit => Owed > 0;

    /// <summary>
    /// Repeated positions that were earned and are not trained yet; 0 while they are too few for a step.
    /// </summary>
    public long Owed => HasModel && _credit >= _options.BatchSize && Replay.Users > 0 ? (long)_credit : 0;

    public void Add(in Example example) => _waiting.Add(example);

    /// <summary>Drops all that is kept of a user; what the weights have learned stays.</summary>
    /// <returns>How many examples waited for a step.</returns>
    public int Forget(ulong user)
    {
        Replay.Forget(user);
        return _waiting.Forget(user);
    }

    /// <summary>A step with the sequences that have waited longest, and as many repeated ones.</summary>
    /// <param name="taken">How many examples left the queue; also if the step fails.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="TrainingException">libtorch failed, or the loss is not finite.</exception>
    public bool TrainFresh(out int taken)
    {
        var fresh = _waiting.Take(_options.BatchSize);
        taken = fresh.Sum(sequence => sequence.Fresh);
        if (fresh.Count == 0)
            return false;
        var replayed = Replay.Draw(fresh.Count).ToList();
        foreach (var sequence in fresh)
            Replay.Keep(sequence.User, sequence.Courses, sequence.Fresh);
        if (!Grow([.. fresh.Select(sequence => sequence.Courses), .. replayed]))
            return false;
        foreach (var sequence in fresh)
            AddFresh(sequence);
        _credit += _batch.Targets * _options.ReplayRatio;
        AddReplayed(replayed);
        Step(fresh: true);
        Round.Trained(fresh);
        return true;
    }

    /// <summary>A step with repeated sequences alone.</summary>
    /// <exception cref="TrainingException">libtorch failed, or the loss is not finite.</exception>
    public void TrainReplay()
    {
        var replayed = Replay.Draw(_options.BatchSize).ToList();
        if (!Grow(replayed))
            return;
        AddReplayed(replayed);
        Step(fresh: false);
    }

    /// <summary>A copy of the parameters as they are now; new courses begin near these.</summary>
    public SequentialParameters Parameters()
    {
        var parameters = _model!.Parameters(averaged: false);
        _start.Know(parameters);
        return parameters;
    }

    /// <summary>All that is needed to come back to now.</summary>
    public LearnerState Save() => new([.. _model!.CourseIds], _model.SaveState(), Rates.Age);

    /// <summary>
    /// Comes back to a state of this shape, also of fewer courses; those dropped are new when they are met again.
    /// </summary>
    /// <exception cref="TrainingException">libtorch failed, or the state is another model's.</exception>
    public void Restore(LearnerState state)
    {
        Begin(state.CourseIds);
        _model!.LoadState(state.Native);
        _start.Know(Parameters());
        Rates.Age = state.Age;
    }

    /// <summary>Begins from the parameters of a finished model.</summary>
    public void Begin(SequentialParameters parameters)
    {
        Begin(parameters.CourseIds);
        _model!.SetParameters(parameters);
        _start.Know(parameters);
        Rates.Age = long.MaxValue / 2;
    }

    /// <summary>Begins from nothing.</summary>
    public void Reset()
    {
        _model?.Dispose();
        _model = null;
        _start.Know(null);
        Vocabulary.Truncate(0);
        Rates.Age = 0;
    }

    public void Dispose() => _model?.Dispose();

    private void Begin(IReadOnlyList<string> courseIds)
    {
        _model?.Dispose();
        _model = null;
        _model = TrainingModel.Create(
            _config,
            courseIds,
            new()
            {
                Device = _options.Device,
                Threads = _options.Threads,
                Rows = RowOptimiser.RowRms,
                EmaDecay = 0,
                Dropout = _options.Dropout,
                Seed = _options.Seed,
            }
        );
        Vocabulary.Truncate(Math.Min(Vocabulary.Count, courseIds.Count));
        foreach (var id in courseIds)
            Vocabulary.Add(id);
    }

    /// <summary>Sees to it that all courses have rows; false while there are too few for a model.</summary>
    private bool Grow(List<int[]> sequences)
    {
        foreach (var course in sequences.SelectMany(courses => courses))
            Vocabulary.Add(course);
        var known = _model?.CourseIds.Count ?? 0;
        if (Vocabulary.Count < 2)
            return false;
        if (_model is null)
            Begin([.. Vocabulary.Ids]);
        else if (Vocabulary.Count > known)
        {
            var (rows, biases) = _start.From(known + 1, _config.Dimension, sequences);
            _model.AddCourses([.. Vocabulary.Ids.Skip(known)], rows, biases);
        }
        return true;
    }

    private void AddFresh(FreshSequence sequence)
    {
        foreach (var course in sequence.Courses.AsSpan(^sequence.Fresh..))
            Vocabulary.CountTarget(Vocabulary.Row(course));
        _batch.Add(sequence.Courses, sequence.Fresh);
    }

    private void AddReplayed(List<int[]> sequences)
    {
        var before = _batch.Targets;
        foreach (var courses in sequences)
            _batch.Add(courses, fresh: 0);
        _credit -= _batch.Targets - before;
    }

    private void Step(bool fresh)
    {
        if (_batch.Build() is not { } batch)
            return;
        var negatives = Vocabulary.Count > 2 * _options.Negatives ? _options.Negatives : 0;
        Round.Stepped(_model!.Step(batch, new(Rates.Dense, Rates.Rows, negatives)), fresh);
        Rates.Age++;
    }
}

/// <summary>A learner at one moment.</summary>
/// <param name="CourseIds">Its vocabulary.</param>
/// <param name="Native">Parameters, the optimiser's moments and counts, as libtorch's side writes them.</param>
/// <param name="Age">Steps since it began from nothing.</param>
internal sealed record LearnerState(IReadOnlyList<string> CourseIds, byte[] Native, long Age);
