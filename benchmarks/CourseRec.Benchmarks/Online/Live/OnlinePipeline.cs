using System.Text.Json;
using Akka.Actor;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Cli;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Instant;
using CourseRec.Models.Sequential;
using CourseRec.Persistence.Sqlite;
using CourseRec.Simulation.Catalogue;
using CourseRec.Streams.Embedded;
using CourseRec.Training.Online;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Benchmarks.Online.Live;

/// <summary>
/// The live path in this process on a temporary folder: intake, log, session host with its store, trainer, and back
/// into the session host; with taps on what is judged, taught and published.
/// </summary>
internal sealed class OnlinePipeline : IAsyncDisposable
{
    /// <summary>
    /// The stream passes many times faster than on a platform, so models come faster too: one for some three hundred
    /// discoveries.
    /// </summary>
    private static readonly TimeSpan PublishEvery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan PublishPatience = TimeSpan.FromSeconds(20);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _stop = new();
    private readonly TemporaryFolder _folder = new();
    private readonly EmbeddedLog _log;
    private readonly SqliteSessionStore _store;
    private readonly InteractionIntake _intake;
    private readonly CatalogueFollower _follower;
    private readonly ActorSystem _actors = ActorSystem.Create("courserec", ActorsConfig.Config);
    private readonly SessionHost _sessions;
    private Task _following = Task.CompletedTask;

    private OnlinePipeline(OnlineBenchSettings settings, int events)
    {
        var loggers = NullLoggerFactory.Instance;
        _log = EmbeddedLog.Open(new() { Path = _folder.File("log.db") }, _time, loggers.CreateLogger<EmbeddedLog>());
        _store = SqliteSessionStore.Open(new() { Path = _folder.File("sessions.db") });
        _intake = new(_log, _time);
        var catalogue = new CourseCatalogue(Courses);
        _follower = new(_log, catalogue, _time, loggers.CreateLogger<CatalogueFollower>());
        Trainer = new(
            new()
            {
                Share = 1,
                PublishEvery = PublishEvery,
                FreezeEvery = TimeSpan.Zero,
                HeldOut = settings.HeldOut,
                Seed = (ulong)settings.Seed,
            },
            Courses,
            _time,
            loggers.CreateLogger<OnlineTrainer>()
        );
        Examples = new(Trainer, Trainer.IsHeldOut);
        var options = new SessionHostOptions { JudgedShare = settings.JudgedShareOf(events) };
        _sessions = new(options, _actors, _log, _store, Courses, catalogue, _time, loggers, Examples, Judged);
        Models = new(_sessions);
    }

    /// <summary>The process's dictionary.</summary>
    public CourseIndex Courses { get; } = new();

    /// <summary>Everything judged.</summary>
    public JudgedEvents Judged { get; } = new();

    /// <summary>What was taught of held-out users.</summary>
    public ExampleTap Examples { get; }

    /// <summary>What was published.</summary>
    public ModelTap Models { get; }

    /// <summary>Who learns.</summary>
    public OnlineTrainer Trainer { get; }

    /// <summary>Who ranks now.</summary>
    public RecommenderSnapshot Snapshot => _sessions.Snapshot;

    /// <summary>Quality of the contenders over the last judged events, the serving one first.</summary>
    public IReadOnlyList<ContenderQuality> Quality => _sessions.Quality;

    /// <summary>Starts everything.</summary>
    /// <exception cref="CliException">This machine can't train.</exception>
    public static async Task<OnlinePipeline> StartAsync(
        OnlineBenchSettings settings,
        int events,
        CancellationToken cancel
    )
    {
        var pipeline = new OnlinePipeline(settings, events);
        try
        {
            pipeline._following = pipeline._follower.RunAsync(pipeline._stop.Token);
            await pipeline._sessions.StartAsync(cancel);
            pipeline.Trainer.Start(pipeline.Models);
            pipeline.ThrowIfBroken();
            return pipeline;
        }
        catch
        {
            await pipeline.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes courses into the catalogue and waits until it shows them.</summary>
    public async Task LaunchAsync(IReadOnlyList<SimulatedCourse> courses, CancellationToken cancel)
    {
        NewCatalogueRecord[] records =
        [
            .. courses.Select(course => new NewCatalogueRecord(course.Id, course.ToJson())),
        ];
        await _log.AppendAsync(records, cancel);
        await _follower.WhenReadAsync(await ((ICatalogueLog)_log).EndAsync(cancel), cancel);
    }

    /// <summary>Sends a JSON array of events; completes when they are durable.</summary>
    /// <exception cref="CliException">One was refused, or the pipeline has stopped.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancel)
    {
        while (true)
        {
            ThrowIfBroken();
            try
            {
                var result = await _intake.AcceptAsync(events, onlyUser: null, cancel);
                if (result.Rejected is [var first, ..])
                    throw new CliException($"An event of the stream was refused: {first.Reason}");
                return;
            }
            catch (LogBusyException)
            {
                await Task.Delay(Pause, _time, cancel);
            }
        }
    }

    /// <summary>Waits until at most so much is not applied, not learned and not repeated.</summary>
    /// <param name="records">Records of the log that may wait.</param>
    /// <param name="examples">Examples that may wait.</param>
    /// <param name="repeated">Repeated positions that may be owed.</param>
    /// <param name="cancel">Ends it early.</param>
    public async Task WaitAsync(long records, int examples, long repeated, CancellationToken cancel)
    {
        while (await LagAsync(cancel) > records || Trainer.Status.Pending > examples || Trainer.Owed > repeated)
        {
            ThrowIfBroken();
            await Task.Delay(Pause, _time, cancel);
        }
    }

    /// <summary>Waits until everything sent is applied, learned, published and served.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        await WaitAsync(records: 0, examples: 0, repeated: 0, cancel);
        var (before, since) = (Judgements(), _time.GetTimestamp());
        while (Judgements() == before && _time.GetElapsedTime(since) < PublishPatience)
            await PauseAsync(cancel);
        while (Models.Last.Online is { } last && ServedModel != last)
            await PauseAsync(cancel);
    }

    /// <summary>What serves now becomes the frozen model; completes when it takes part.</summary>
    /// <exception cref="CliException">Nothing was published yet.</exception>
    public async Task FreezeAsync(CancellationToken cancel)
    {
        if (Models.Last.Online is null)
            throw new CliException("Nothing was learned by the middle of the stream: it is too short.");
        Trainer.Freeze();
        while (Snapshot.Contenders.All(contender => contender.Name != "frozen"))
            await PauseAsync(cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Trainer.DisposeAsync();
        await _stop.CancelAsync();
        await _sessions.DisposeAsync();
        await _actors.Terminate();
        await _following;
        _intake.Dispose();
        await _store.DisposeAsync();
        await _log.DisposeAsync();
        _stop.Dispose();
        _folder.Dispose();
    }

    private SequentialModel? ServedModel => (Snapshot.Serving as InstantScorer)?.Sequence?.Model;

    private long Judgements() => Trainer.Status is var status ? status.Published + status.Rejected : 0;

    private async Task PauseAsync(CancellationToken cancel)
    {
        ThrowIfBroken();
        await Task.Delay(Pause, _time, cancel);
    }

    private async Task<long> LagAsync(CancellationToken cancel)
    {
        var applied = _sessions.Shards.ToDictionary(shard => shard.Partition, shard => shard.Applied);
        var lag = 0L;
        for (var partition = 0; partition < _log.Identity.Partitions; partition++)
            lag += (await _log.RangeAsync(partition, cancel)).End - applied.GetValueOrDefault(partition);
        return lag;
    }

    private void ThrowIfBroken()
    {
        if (_sessions.Shards.FirstOrDefault(shard => shard.State == PartitionState.Stopped) is { Problem: { } problem })
            throw new CliException($"The session host stopped: {problem}");
        if (
            Trainer.Status is
            { State: OnlineTrainerState.Unavailable or OnlineTrainerState.Stopped, Problem: { } trouble }
        )
            throw new CliException(trouble);
    }
}
