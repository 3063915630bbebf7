using Akka.Actor;
using Akka.Configuration;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Cli.Targets;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Benchmarks.Harness;

/// <summary>A session host in this process, on an actor system of its own.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private readonly ActorSystem _actors;
    private readonly BenchStorage _storage;
    private readonly bool _ownsStorage;

    private BenchHost(BenchStorage storage, bool ownsStorage, SessionHostOptions options, Config config)
    {
        (_storage, _ownsStorage) = (storage, ownsStorage);
        _actors = ActorSystem.Create(
            SessionCluster.SystemName,
            ConfigurationFactory
                .ParseString("akka.loglevel = OFF")
                .WithFallback(config)
                .WithFallback(ActorsConfig.Config)
        );
        var courses = new CourseIndex();
        Sessions = new(
            options,
            _actors,
            storage.Log,
            storage.Store,
            courses,
            new CourseCatalogue(courses),
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
    }

    /// <summary>The host.</summary>
    public SessionHost Sessions { get; }

    /// <summary>Starts one without a cluster, on a folder's log and store; a new log has one partition.</summary>
    public static async Task<BenchHost> StartAloneAsync(
        TemporaryFolder folder,
        SessionHostOptions options,
        CancellationToken cancel
    )
    {
        var host = new BenchHost(new(folder, partitions: 1), true, options, Config.Empty);
        return await host.StartedAsync(cancel);
    }

    /// <summary>Starts one as a node of a cluster in this process, over a log and a store that they share.</summary>
    /// <param name="storage">The log and the store.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="port">Where it listens for the others.</param>
    /// <param name="seed">The port of the first of them.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<BenchHost> StartClusteredAsync(
        BenchStorage storage,
        string name,
        int port,
        int seed,
        CancellationToken cancel
    )
    {
        var config = ConfigurationFactory
            .ParseString(
                $$"""
                akka.actor.provider = cluster
                akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = {{port}} }
                akka.cluster.roles = [{{SessionCluster.SessionRole}}]
                """
            )
            .WithFallback(SessionCluster.Config(new ClusterTimings()));
        var host = new BenchHost(storage, false, new() { Placement = Placement.Sharded, Node = name }, config);
        await SessionCluster.JoinAsync(host._actors, [$"127.0.0.1:{seed}"], cancel);
        return await host.StartedAsync(cancel);
    }

    /// <summary>Events of each user, in turns, as of a while ago; completes when all of them are folded and
    /// stored.</summary>
    public async Task FillAsync(string[] users, int eventsAUser, TimeSpan ago, CancellationToken cancel)
    {
        await _storage.FillAsync(users, eventsAUser, ago, cancel);
        while (!Sessions.Shards.All(shard => shard.Lag == 0 && shard.Stored == shard.Applied && shard.Applied > 0))
            await Task.Delay(Poll, TimeProvider.System, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Sessions.DisposeAsync();
        await _actors.Terminate();
        if (_ownsStorage)
            await _storage.DisposeAsync();
    }

    private async Task<BenchHost> StartedAsync(CancellationToken cancel)
    {
        try
        {
            await Sessions.StartAsync(cancel);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }
}

/// <summary>An embedded log and store in a folder.</summary>
internal sealed class BenchStorage : IAsyncDisposable
{
    private const int Courses = 3000;
    private readonly Random _random = new(1);
    private int _round;

    public BenchStorage(TemporaryFolder folder, int partitions)
    {
        Log = EmbeddedLog.Open(
            new() { Path = folder.File("log.db"), Partitions = partitions },
            TimeProvider.System,
            NullLogger<EmbeddedLog>.Instance
        );
        Store = SqliteSessionStore.Open(new() { Path = folder.File("sessions.db") });
    }

    /// <summary>The log.</summary>
    public EmbeddedLog Log { get; }

    /// <summary>The store.</summary>
    public ISessionStore Store { get; }

    /// <summary>Appends events of each user, in turns, as of a while ago.</summary>
    public async Task FillAsync(string[] users, int eventsAUser, TimeSpan ago, CancellationToken cancel)
    {
        var time = new Earlier(ago);
        using var intake = new InteractionIntake(Log, time);
        var batch = new EventBatch("bench");
        for (var i = 0; i < eventsAUser; i++, _round++)
        {
            foreach (var user in users)
            {
                var e = new OutgoingEvent(
                    $"{user}-{_round}",
                    user,
                    $"course-{_random.Next(Courses)}",
                    InteractionType.Click,
                    null,
                    time.GetUtcNow()
                );
                if (batch.TryAdd(e))
                    continue;
                await SendAsync();
                batch.TryAdd(e);
            }
            await SendAsync();
        }

        async Task SendAsync()
        {
            await intake.AcceptAsync(batch.Complete(), onlyUser: null, cancel);
            batch.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await Log.DisposeAsync();
    }

    private sealed class Earlier(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() - by;
    }
}
