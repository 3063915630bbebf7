using System.Diagnostics;
using CourseRec.Cql;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Benchmarks.Cassandra;

/// <summary>The load through CourseRec's own driver.</summary>
internal sealed class CassandraDriverLoad(CassandraBenchPlan plan) : IAsyncDisposable
{
    private const int Seed = 1;
    private readonly byte[] _blob = [.. Enumerable.Repeat((byte)7, plan.Bytes)];
    private CqlCluster _cluster = null!;
    private CqlStatement _write = null!;
    private CqlStatement _read = null!;
    private long _version;

    /// <summary>The data centre that was found.</summary>
    public string DataCentre => _cluster.DataCentre;

    /// <summary>The server's release.</summary>
    public string Release => _cluster.Release;

    /// <summary>Connects, and makes the table anew.</summary>
    public async Task ConnectAsync(CancellationToken cancel)
    {
        var options = new CqlOptions { ContactPoints = [plan.Address], ConnectionsPerHost = plan.Connections };
        _cluster = await CqlCluster.ConnectAsync(options, TimeProvider.System, NullLogger.Instance, cancel);
        await DropAsync(cancel);
        await _cluster.QueryAsync(
            $"CREATE KEYSPACE {CassandraBenchPlan.Keyspace} WITH replication = {{'class': 'SimpleStrategy', "
                + "'replication_factor': 1}}",
            cancel: cancel
        );
        await _cluster.QueryAsync(
            $"CREATE TABLE {CassandraBenchPlan.Keyspace}.sessions (user text PRIMARY KEY, data blob)",
            cancel: cancel
        );
        _write = await _cluster.PrepareAsync(CassandraBenchPlan.Write, [0], cancel);
        _read = await _cluster.PrepareAsync(CassandraBenchPlan.Read, [0], cancel);
    }

    /// <summary>Takes the bench's table away.</summary>
    public async Task DropAsync(CancellationToken cancel) =>
        await _cluster.QueryAsync($"DROP KEYSPACE IF EXISTS {CassandraBenchPlan.Keyspace}", cancel: cancel);

    /// <summary>Writes every session once, so that reads find them.</summary>
    public Task FillAsync(CancellationToken cancel) =>
        Parallel.ForAsync(
            0,
            plan.Users,
            new ParallelOptions { MaxDegreeOfParallelism = plan.Callers, CancellationToken = cancel },
            async (user, token) => await _cluster.ExecuteAsync(Write($"user-{user}"), cancel: token)
        );

    /// <summary>So many callers, each asking again when it has its answer.</summary>
    public async Task<CassandraRun> RunAsync(CassandraLoad load, double seconds, CancellationToken cancel)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var callers = Enumerable
            .Range(0, plan.Callers)
            .Select(caller => Task.Run(() => CallAsync(load, new Random(Seed + caller), end, cancel), cancel));
        var latencies = (await Task.WhenAll(callers)).SelectMany(all => all).Order().ToArray();
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new(
            latencies.Length,
            elapsed,
            (process.TotalProcessorTime - cpu).TotalSeconds,
            Percentiles.Of(latencies, 0.5),
            Percentiles.Of(latencies, 0.99)
        );
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<List<double>> CallAsync(CassandraLoad load, Random random, long end, CancellationToken cancel)
    {
        var latencies = new List<double>();
        for (var now = Stopwatch.GetTimestamp(); now < end; )
        {
            var user = $"user-{random.Next(plan.Users)}";
            if (load == CassandraLoad.Write)
                await _cluster.ExecuteAsync(Write(user), cancel: cancel);
            else
                await ReadAsync(user, cancel);
            var then = now;
            now = Stopwatch.GetTimestamp();
            latencies.Add(Stopwatch.GetElapsedTime(then, now).TotalMilliseconds);
        }
        return latencies;
    }

    private async Task ReadAsync(string user, CancellationToken cancel)
    {
        var rows = await _cluster.ExecuteAsync(_read.Bind().Text(user), cancel: cancel);
        if (!rows.Read() || rows.Blob(0).Length != plan.Bytes)
            throw new InvalidOperationException($"The session of {user} is not what was written.");
    }

    private CqlBound Write(string user) =>
        _write.Bind().Text(user).Blob(_blob).BigInt(Interlocked.Increment(ref _version));
}
