using CourseRec.Actors.Learning;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Online;
using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Tests.Online;

/// <summary>A trainer with a small model that takes all of a core, what it published and what it logged.</summary>
internal sealed class OnlineHarness : IModelSink, ILogger, IAsyncDisposable
{
    public const int PlantedCourses = 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    private readonly Lock _lock = new();
    private readonly List<string> _log = [];
    private TrainedModels _models = TrainedModels.None;

    public OnlineHarness(OnlineTrainerOptions? options = null, TimeProvider? time = null, string? unavailable = null) =>
        Trainer = new(options ?? Options, Courses, time ?? TimeProvider.System, this, unavailable);

    public static OnlineTrainerOptions Options { get; } =
        new()
        {
            Share = 1,
            PublishEvery = TimeSpan.FromMilliseconds(100),
            FreezeEvery = TimeSpan.Zero,
            Device = "cpu",
            HeldOut = 0,
            ReplayRatio = 300,
            EarlyLearningRate = 3e-3,
            EarlyRowLearningRate = 3e-2,
            EarlySteps = 10_000,
            Config = new()
            {
                Dimension = 32,
                FeedForward = 16,
                MaxLength = 8,
                Layers = 1,
            },
        };

    public CourseIndex Courses { get; } = new();

    public OnlineTrainer Trainer { get; }

    public TrainedModels Models
    {
        get
        {
            lock (_lock)
                return _models;
        }
    }

    public SequentialModel? Online => Models.Online;

    public IReadOnlyList<string> Logged
    {
        get
        {
            lock (_lock)
                return [.. _log];
        }
    }

    public OnlineHarness Started()
    {
        Trainer.Start(this);
        return this;
    }

    public void Serve(TrainedModels models)
    {
        lock (_lock)
            _models = models;
    }

    public void Teach(ulong user, params string[] courses) =>
        Trainer.Teach(
            new(
                user,
                [.. courses.Select(id => Courses.GetOrAdd(id))],
                TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()
            )
        );

    /// <summary>
    /// Each user goes through the courses c0, c1, … in a circle, from a different one; returns how many examples were
    /// taught.
    /// </summary>
    public int TeachCircle(int users, int length = 6, int firstUser = 1, int step = 1)
    {
        for (var user = firstUser; user < firstUser + users; user++)
        for (var n = 2; n <= length; n++)
            Teach((ulong)user, [.. Enumerable.Range(0, n).Select(i => $"c{(user + i * step) % PlantedCourses}")]);
        return users * (length - 1);
    }

    /// <summary>For how many of the planted courses the serving model ranks the next one first.</summary>
    public int Learned(int step = 1)
    {
        if (Online is not { } model)
            return 0;
        var (scorer, ids, best) = (new SequentialScorer(), model.CourseIds.ToList(), new int[1]);
        return Enumerable
            .Range(0, PlantedCourses)
            .Count(c =>
            {
                scorer.Encode(
                    model,
                    [ids.IndexOf($"c{(c + PlantedCourses - step) % PlantedCourses}"), ids.IndexOf($"c{c}")]
                );
                scorer.Top(0, null, best, new float[1]);
                return ids[best[0]] == $"c{(c + step) % PlantedCourses}";
            });
    }

    /// <summary>Waits until something holds; fails with the state that it saw.</summary>
    public async Task Until(Func<bool> holds, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                Assert.Fail($"Waited {Limit} until {what}; {Trainer.Status}; {string.Join(" | ", Logged)}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    /// <summary>Waits until the planted circle is learned.</summary>
    public Task UntilLearned(int step = 1) => Until(() => Learned(step) >= PlantedCourses - 2, "the circle is learned");

    public ValueTask DisposeAsync() => Trainer.DisposeAsync();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel level) => true;

    public void Log<TState>(
        LogLevel level,
        EventId id,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> text
    )
    {
        lock (_lock)
            _log.Add($"{level}: {text(state, exception)}");
    }
}
