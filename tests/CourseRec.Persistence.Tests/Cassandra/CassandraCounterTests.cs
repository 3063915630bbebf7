using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>Counters of any size, in chunks.</summary>
[Collection(CassandraCollection.Name)]
public sealed class CassandraCounterTests(CassandraWithStore cassandra) : IAsyncLifetime
{
    private const int LargestCell = 256 << 10;
    private readonly byte[] _large = new byte[3_000_000];
    private TestStore _test = null!;
    private CassandraSessionStore _store = null!;

    public async Task InitializeAsync()
    {
        new Random(1).NextBytes(_large);
        _test = await cassandra.EmptyStoreAsync();
        _store = _test.Open();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Large_counters_are_read_back_whole_and_no_cell_is_large()
    {
        await StoreAsync(new CounterChange(V(4), V(9), true, _large));
        await StoreAsync(new CounterChange(V(9), V(12), false, _large.AsMemory(1)));
        await using var reopened = _test.Open();
        var stored = (await reopened.LoadPartitionAsync(0, default)).Counters;
        Assert.Equal([V(4), V(9)], stored.Select(c => c.Since));
        Assert.True(stored[0].Data.Span.SequenceEqual(_large));
        Assert.True(stored[1].Data.Span.SequenceEqual(_large.AsSpan(1)));
        var rows = (await OtherClient.DumpAsync(_test))["counters"];
        Assert.Equal(24, rows.Length);
        Assert.All(rows, row => Assert.InRange(row["data"]!.Length / 2, 1, LargestCell));
    }

    [Fact]
    public async Task A_snapshot_whose_writer_died_in_between_counts_for_nothing()
    {
        await StoreAsync(Change(5, "before"));
        await using (var cluster = await _test.ConnectAsync())
        {
            var version = V(9).Value;
            await cluster.QueryAsync(
                $"INSERT INTO counters_base (partition, base) VALUES (0, {version}) USING TIMESTAMP {version}"
            );
            await cluster.QueryAsync(
                "INSERT INTO counters (partition, base, version, checksum, chunk, since, is_snapshot, chunks, data) "
                    + $"VALUES (0, {version}, {version}, 1, 1, {V(5).Value}, true, 2, 0x00) USING TIMESTAMP {version}"
            );
        }
        var stored = Assert.Single((await _store.LoadPartitionAsync(0, default)).Counters);
        Assert.Equal("before", Text(stored.Data));
    }

    [Fact]
    public async Task A_snapshot_that_lost_a_chunk_is_reported()
    {
        await StoreAsync(new CounterChange(default, V(9), true, _large));
        await RunAsync(await RowsAsync(9), "chunk = 7");
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() =>
            _store.LoadPartitionAsync(0, default).AsTask()
        );
        Assert.Contains(
            "partition 0's counters at 1/9 was not written by CourseRec: rows are missing",
            stopped.Message
        );
    }

    [Fact]
    public async Task What_is_left_of_a_replaced_snapshot_does_no_harm()
    {
        await StoreAsync(new CounterChange(default, V(9), true, _large));
        await RunAsync(await RowsAsync(9), "chunk = 7");
        await using var other = _test.Open();
        await other.FlushAsync(new PartitionFlush(1, Checkpoint(12), null, []), default);
        await StoreAsync(new CounterChange(V(9), V(12), true, Bytes("all")));
        var stored = Assert.Single((await other.LoadPartitionAsync(0, default)).Counters);
        Assert.Equal("all", Text(stored.Data));
    }

    [Fact]
    public async Task Changes_that_a_snapshot_replaced_are_dropped_as_a_whole()
    {
        for (var offset = 1; offset <= 300; offset++)
            await StoreAsync(
                new CounterChange(offset == 1 ? default : V(offset - 1), V(offset), offset % 100 == 0, Bytes("c"))
            );
        var dump = await OtherClient.DumpAsync(_test);
        Assert.Equal($"{V(300).Value}", Assert.Single(dump["counters"])["version"]);
        Assert.Equal($"{V(300).Value}", Assert.Single(dump["counters_base"])["base"]);
    }

    [Fact]
    public async Task Two_writers_changes_of_one_version_never_mix()
    {
        await using var other = _test.Open();
        await _store.LoadPartitionAsync(0, default);
        await other.LoadPartitionAsync(0, default);
        var reversed = _large.Reverse().ToArray();
        await Task.WhenAll(
            StoreAsync(new CounterChange(default, V(9), true, _large)),
            other
                .FlushAsync(new(0, Checkpoint(9), new CounterChange(default, V(9), true, reversed), []), default)
                .AsTask()
        );
        var stored = Assert.Single((await _store.LoadPartitionAsync(0, default)).Counters);
        Assert.True(stored.Data.Span.SequenceEqual(_large) || stored.Data.Span.SequenceEqual(reversed));
    }

    private Task StoreAsync(CounterChange change) =>
        _store.FlushAsync(new(0, new(change.Version, "e", 1), change, []), default).AsTask();

    private async Task<string> RowsAsync(long offset)
    {
        await using var cluster = await _test.ConnectAsync();
        var rows = await cluster.QueryAsync(
            $"SELECT checksum FROM counters WHERE partition = 0 AND base = {V(offset).Value}"
        );
        Assert.True(rows.Read());
        return $"DELETE FROM counters USING TIMESTAMP {V(offset).Value} WHERE partition = 0 AND base = "
            + $"{V(offset).Value} AND version = {V(offset).Value} AND checksum = {rows.BigInt(0)}";
    }

    private async Task RunAsync(string delete, string and)
    {
        await using var cluster = await _test.ConnectAsync();
        await cluster.QueryAsync($"{delete} AND {and}");
    }
}
