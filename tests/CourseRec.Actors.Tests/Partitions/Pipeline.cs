using System.Text;
using Akka.Actor;
using Akka.Configuration;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Catalogue;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>A real pipeline in a folder of its own: embedded log, SQLite store, session host.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = DateTimeOffset.Parse("2026-11-20T10:00:00Z");

    private Pipeline(
        ActorSystem actors,
        EmbeddedLog log,
        SqliteSessionStore store,
        SessionHost host,
        CourseIndex courses
    )
    {
        Actors = actors;
        Log = log;
        Store = store;
        Host = host;
        Courses = courses;
    }

    public ActorSystem Actors { get; }

    public EmbeddedLog Log { get; }

    public SqliteSessionStore Store { get; }

    public SessionHost Host { get; }

    public CourseIndex Courses { get; }

    /// <summary>Opens the folder's log and store and starts a host on them.</summary>
    public static async Task<Pipeline> StartAsync(
        DataFolder folder,
        SessionHostOptions? options = null,
        int partitions = 2,
        IExampleSink? examples = null,
        IJudgeSink? judged = null
    )
    {
        var pipeline = Open(folder, options, partitions, examples: examples, judged: judged);
        try
        {
            await pipeline.Host.StartAsync(CancellationToken.None);
            return pipeline;
        }
        catch
        {
            await pipeline.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the folder's log and store; the host is not started.</summary>
    public static Pipeline Open(
        DataFolder folder,
        SessionHostOptions? options = null,
        int partitions = 2,
        IExampleSink? examples = null,
        IJudgeSink? judged = null,
        Config? actors = null
    )
    {
        var log = EmbeddedLog.Open(
            new EmbeddedLogOptions { Path = folder.Log, Partitions = partitions },
            TimeProvider.System,
            NullLogger<EmbeddedLog>.Instance
        );
        var store = SqliteSessionStore.Open(
            new SqliteSessionStoreOptions { Path = folder.Store, BusyTimeout = TimeSpan.FromMilliseconds(50) }
        );
        var courses = new CourseIndex();
        var system = ActorSystem.Create("courserec", (actors ?? Config.Empty).WithFallback(ActorsConfig.Config));
        var host = new SessionHost(
            options ?? new SessionHostOptions { FlushInterval = TimeSpan.FromMilliseconds(20), JudgedShare = 1 },
            system,
            log,
            store,
            courses,
            new CourseCatalogue(courses),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            examples,
            judged
        );
        return new Pipeline(system, log, store, host, courses);
    }

    /// <summary>Appends to the user's own partition.</summary>
    public Task AppendAsync(params TestEvent[] events) =>
        Log.AppendAsync(events.Select(e => e.ToRecord(Log.Identity.Partitions)).ToList(), CancellationToken.None)
            .AsTask();

    /// <summary>Appends bytes to a partition, whatever they are.</summary>
    public Task AppendAsync(int partition, string user, byte[] value) =>
        Log.AppendAsync(
                [new NewRecord(partition, Start.ToUnixTimeMilliseconds(), Encoding.UTF8.GetBytes(user), value)],
                CancellationToken.None
            )
            .AsTask();

    /// <summary>Waits until everything in the log is folded and stored, except where a partition has
    /// stopped.</summary>
    public async Task SettleAsync()
    {
        foreach (var partition in Enumerable.Range(0, Log.Identity.Partitions))
        {
            await Eventually.HoldsAsync(
                () =>
                {
                    var end = Log.RangeAsync(partition, CancellationToken.None).AsTask().Result.End;
                    var shard = Host.Shards.SingleOrDefault(shard => shard.Partition == partition);
                    return shard?.State is PartitionState.Running or PartitionState.Stopped && shard.Stored >= end;
                },
                () => string.Join("; ", Host.Shards)
            );
        }
    }

    public Task<SessionView> SessionAsync(string user) =>
        Host.GetSessionAsync(user, LogVersion.None, CancellationToken.None);

    public async Task<string[]> HistoryAsync(string user) =>
        [.. (await SessionAsync(user)).History.Select(entry => entry.Course)];

    /// <summary>Ends at once: what is not stored yet never is.</summary>
    public async Task CrashAsync()
    {
        await Host.StopAsync(new CancellationToken(canceled: true));
        await Actors.Terminate();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.StopAsync(CancellationToken.None);
        await Host.DisposeAsync();
        await Actors.Terminate();
        await Log.DisposeAsync();
        await Store.DisposeAsync();
    }
}

/// <summary>An interaction to append.</summary>
internal sealed record TestEvent(string Id, string User, string Course, string Type = "click", double Seconds = 0)
{
    public byte[] ToJson() =>
        Encoding.UTF8.GetBytes(
            $$"""{"id":"{{Id}}","user":"{{User}}","course":"{{Course}}","type":"{{Type}}","time":"{{Pipeline.Start.AddSeconds(Seconds):O}}"}"""
        );

    public NewRecord ToRecord(int partitions) =>
        new(
            Partitioner.PartitionOf(User, partitions),
            Pipeline.Start.AddSeconds(Seconds).ToUnixTimeMilliseconds(),
            Encoding.UTF8.GetBytes(User),
            ToJson()
        );
}

/// <summary>A temporary data folder, deleted at the end.</summary>
public sealed class DataFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Log => _folder.File("log.db");

    public string Store => _folder.File("sessions.db");

    /// <summary>Copies the files whose names begin so, as a backup would.</summary>
    public void Copy(string name, string to)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, name + "*"))
            File.Copy(file, _folder.File(to + Path.GetFileName(file)[name.Length..]), overwrite: true);
    }

    /// <summary>Deletes the files whose names begin so.</summary>
    public void Delete(string name)
    {
        foreach (var file in Directory.GetFiles(_folder.Path, name + "*"))
            File.Delete(file);
    }

    public void Dispose() => _folder.Dispose();
}
