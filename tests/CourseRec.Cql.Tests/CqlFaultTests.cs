using System.Collections.Concurrent;
using System.Diagnostics;
using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Tests;

/// <summary>A real server that goes away in every way a server can.</summary>
public sealed class CqlFaultTests : IAsyncLifetime
{
    private const string Insert = "INSERT INTO faults.t (k, v) VALUES (?, ?) USING TIMESTAMP ?";
    private CassandraServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await CassandraServer.StartAsync();
        await using var cluster = await Cluster.ConnectAsync(Cluster.Options(_server));
        await Cluster.CreateKeyspaceAsync(cluster, "faults");
        await cluster.QueryAsync("CREATE TABLE faults.t (k int PRIMARY KEY, v blob)");
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_stopped_or_killed_while_written_to_loses_no_acknowledged_write_and_is_found_again(
        bool kill
    )
    {
        await using var cluster = await Cluster.ConnectAsync(Cluster.Options(_server));
        var insert = await cluster.PrepareAsync(Insert, [0]);
        var acknowledged = new ConcurrentBag<int>();
        var writing = Task.WhenAll(
            Enumerable.Range(0, 8).Select(writer => WriteAsync(cluster, insert, writer, acknowledged))
        );
        await Eventually.HoldsAsync(() => acknowledged.Count > 200, () => $"{acknowledged.Count} writes");
        if (kill)
            await _server.KillAsync();
        else
            await _server.StopAsync();
        await writing;

        await _server.StartAgainAsync();
        // The statement is prepared anew by itself: the server has forgotten it.
        await Eventually.SucceedsAsync(async () =>
            await cluster.ExecuteAsync(insert.Bind().Int(-1).Blob([1]).BigInt(1))
        );
        var stored = await KeysAsync(cluster);
        Assert.Empty(acknowledged.Except(stored));
    }

    [Fact]
    public async Task A_frozen_server_fails_calls_at_their_limit_and_the_connection_after_its_silence()
    {
        var options = Cluster.Options(_server) with
        {
            RequestTimeout = TimeSpan.FromSeconds(1),
            HeartbeatInterval = TimeSpan.FromSeconds(1),
            HeartbeatTimeout = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(1),
        };
        await using var cluster = await Cluster.ConnectAsync(options);
        var insert = await cluster.PrepareAsync(Insert, [0]);
        _server.Freeze();
        var watch = Stopwatch.StartNew();
        var calls = Enumerable
            .Range(0, 50)
            .Select(i => cluster.ExecuteAsync(insert.Bind().Int(i).Blob([1]).BigInt(1)).AsTask());
        foreach (var call in calls.ToArray())
            await Assert.ThrowsAsync<CqlTimeoutException>(() => call);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 5);
        await Eventually.BecomesAsync(
            () => Record.ExceptionAsync(async () => await cluster.QueryAsync("SELECT k FROM faults.t")),
            error => error is CqlNoHostException,
            "the silent connections are given up"
        );

        _server.Thaw();
        await Eventually.SucceedsAsync(async () =>
            await cluster.ExecuteAsync(insert.Bind().Int(1).Blob([2]).BigInt(2))
        );
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5_000)]
    public async Task A_connection_cut_within_a_frame_is_replaced_and_its_requests_are_tried_again(int bytes)
    {
        await using var proxy = new TcpProxy(_server.Port);
        await using var cluster = await Cluster.ConnectAsync(Cluster.Options("127.0.0.1", proxy.Port));
        var insert = await cluster.PrepareAsync(Insert, [0]);
        await cluster.ExecuteAsync(insert.Bind().Int(1).Blob(new byte[10_000]).BigInt(1));
        var select = await cluster.PrepareAsync("SELECT v FROM faults.t WHERE k = ?", [0]);
        for (var cut = 1; cut <= 5; cut++)
        {
            await cluster.ExecuteAsync(select.Bind().Int(1));
            proxy.CutAfter(bytes);
            var reads = Enumerable.Range(0, 20).Select(_ => ReadAsync(cluster, select)).ToArray();
            foreach (var read in reads)
                Assert.Equal(10_000, await read);
            Assert.Equal(cut, proxy.Cuts);
        }
    }

    private static async Task<int> ReadAsync(CqlCluster cluster, CqlStatement select)
    {
        var rows = await Eventually.SucceedsAsync(async () => await cluster.ExecuteAsync(select.Bind().Int(1)));
        Assert.True(rows.Read());
        return rows.Blob(0).Length;
    }

    private static async Task WriteAsync(
        CqlCluster cluster,
        CqlStatement insert,
        int writer,
        ConcurrentBag<int> acknowledged
    )
    {
        for (var i = 0; ; i++)
            try
            {
                var key = i * 8 + writer;
                await cluster.ExecuteAsync(insert.Bind().Int(key).Blob(new byte[700]).BigInt(key + 1));
                acknowledged.Add(key);
            }
            catch (CqlException)
            {
                return;
            }
    }

    private static async Task<HashSet<int>> KeysAsync(CqlCluster cluster)
    {
        var keys = new HashSet<int>();
        var select = await cluster.PrepareAsync("SELECT k FROM faults.t");
        await foreach (var page in cluster.PageAsync(select.Bind(), 500))
            while (page.Read())
                keys.Add(page.Int(0));
        return keys;
    }
}
