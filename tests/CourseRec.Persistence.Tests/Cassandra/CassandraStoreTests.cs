using System.Text;
using System.Text.Json;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>What only the Cassandra store keeps.</summary>
[Collection(CassandraCollection.Name)]
public sealed class CassandraStoreTests(CassandraWithStore cassandra) : IAsyncLifetime
{
    private TestStore _test = null!;
    private CassandraSessionStore _store = null!;

    public async Task InitializeAsync()
    {
        _test = await cassandra.EmptyStoreAsync();
        _store = _test.Open();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Another_languages_driver_reads_what_was_stored_and_every_write_time_is_a_version()
    {
        var flush = new PartitionFlush(7, Checkpoint(12), Change(12, "counted"), [Session("ännä", 11, "state", 9, 11)])
        {
            Parkings = [Parked("udo", 10)],
        };
        await _store.FlushAsync(flush, default);
        await _store.PinAsync(null, Manifest(), default);
        var dump = await OtherClient.DumpAsync(_test);

        var session = Assert.Single(dump["session"]);
        Assert.Equal("ännä", session["user"]);
        Assert.Equal($"{V(11).Value:x16}" + Convert.ToHexStringLower(Bytes("state")), session["state"]);
        AssertWritten(session, V(11), "state");
        Assert.Equal([V(9), V(11)], dump["interaction"].Select(row => new LogVersion(long.Parse(row["version"]!))));
        foreach (var row in dump["interaction"])
            AssertWritten(row, new LogVersion(long.Parse(row["version"]!)), "event_id", "course", "type", "time");
        Assert.Equal(("course-9", null), (dump["interaction"][0]["course"], dump["interaction"][0]["value"]));
        AssertWritten(Assert.Single(dump["checkpoint"]), V(12), "version", "event_id", "accepted_at");
        Assert.Equal(("7", "event-12"), (dump["checkpoint"][0]["partition"], dump["checkpoint"][0]["event_id"]));
        AssertWritten(Assert.Single(dump["counters"]), V(12), "data", "since", "is_snapshot", "chunks");
        Assert.Equal("log-a", Assert.Single(dump["manifest"])["log"]);
        AssertWritten(Assert.Single(dump["parked"]), V(10), "version", "time", "reason");
    }

    [Fact]
    public async Task An_erased_user_is_in_no_row_of_any_table()
    {
        const string User = "someone-to-be-forgotten";
        await _store.FlushAsync(
            Flush(3, Session(User, 3, $"{User}'s state", 1, 2, 3), Session("bert", 2, "his", 2)),
            default
        );
        await _store.FlushAsync(Parks(4, Parked(User, 4)), default);
        await RunAsync($"INSERT INTO recommendation (user, model, list) VALUES ('{User}', 'm', 0x01)");
        Assert.Contains(User, await DumpTextAsync());
        await _store.FlushAsync(Flush(9, Erased(User, 9, time: 1234)), default);
        var text = await DumpTextAsync();
        Assert.DoesNotContain(User, text);
        Assert.DoesNotContain(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(User)), text);
        var dump = await OtherClient.DumpAsync(_test);
        Assert.Equal((1, 1, 1), (dump["erasure"].Length, dump["session"].Length, dump["interaction"].Length));
    }

    [Fact]
    public async Task What_an_unrepaired_replica_brings_back_stays_hidden_and_is_deleted_again()
    {
        await _store.FlushAsync(Flush(8, Session("anna", 8, "before", 7, 8)), default);
        await using (var other = await MarkOnlyAsync("anna", 9))
            await other.FlushAsync(Flush(8, Session("anna", 8, "before", 7, 8)), default);
        var found = (await _store.LoadSessionsAsync(["anna"], default))[0]!;
        Assert.Equal((V(9), 0, new Erasure(V(9), 77)), (found.Version, found.Blob.Length, found.Erasure));
        Assert.Empty(await _store.ListInteractionsAsync("anna", default).ToListAsync());
        Assert.Empty(await _store.ListSessionsAsync(default).ToListAsync());
        var dump = await OtherClient.DumpAsync(_test);
        Assert.Equal((0, 0), (dump["session"].Length, dump["interaction"].Length));
    }

    [Theory]
    [InlineData("UPDATE session SET state = 0x000102030405060708090a WHERE user = 'anna'", "its write time is")]
    [InlineData("UPDATE session USING TIMESTAMP 5 SET state = 0x00 WHERE user = 'anna'", "it has no version")]
    public async Task A_user_row_that_was_written_by_hand_is_reported_and_not_preferred(string cql, string finding)
    {
        await _store.FlushAsync(Flush(3, Session("bert", 3, "state", 3)), default);
        await RunAsync(cql);
        var loaded = await _store.LoadSessionsAsync(["anna", "bert"], default);
        Assert.StartsWith($"was not written by CourseRec: {finding}", loaded[0]!.Damage);
        Assert.Null(loaded[1]!.Damage);
    }

    [Fact]
    public async Task A_session_that_was_written_by_hand_is_reported_after_an_erasure_too()
    {
        await RunAsync("UPDATE session SET state = 0x000102030405060708090a WHERE user = 'anna'");
        await _store.FlushAsync(Flush(9, Erased("anna", 9)), default);
        Assert.NotNull((await _store.LoadSessionsAsync(["anna"], default))[0]!.Damage);
    }

    [Theory]
    [InlineData(
        "UPDATE erasure SET version = 1 WHERE user_hash = "
            + "0x55579b557896d0ce1764c47fed644f9b35f58bad620674af23f356d80ed0c503",
        "marker"
    )]
    [InlineData("UPDATE parked SET version = 5 WHERE shelf = 0 AND user = 'anna'", "the parking of user anna")]
    public async Task A_marker_that_was_written_by_hand_is_reported_and_not_preferred(string cql, string named)
    {
        await _store.FlushAsync(Parks(3, Parked("anna", 3)), default);
        await RunAsync(cql);
        await AssertStoppedAsync(
            async () =>
            {
                await _store.LoadSessionsAsync(["anna"], default);
                await _store.ListParkedAsync(default);
            },
            named
        );
    }

    [Theory]
    [InlineData("UPDATE checkpoint SET version = 1099511627777 WHERE partition = 0", "checkpoint")]
    [InlineData(
        "UPDATE checkpoint USING TIMESTAMP 1099511627779 SET event_id = null WHERE partition = 0",
        "checkpoint"
    )]
    [InlineData(
        "INSERT INTO counters (partition, base, version, checksum, chunk, since, is_snapshot, chunks, data) VALUES "
            + "(0, 0, 1, 1, 0, 0, false, 1, 0x00)",
        "counters at 0/1"
    )]
    public async Task A_partition_row_that_was_written_by_hand_is_reported_and_not_preferred(string cql, string named)
    {
        await _store.FlushAsync(new PartitionFlush(0, Checkpoint(3), Change(3, "c"), []), default);
        await RunAsync(cql);
        await AssertStoppedAsync(() => _store.LoadPartitionAsync(0, default).AsTask(), named);
    }

    [Fact]
    public async Task An_interaction_is_kept_for_the_time_that_is_set()
    {
        var brief = _test with { Options = _test.Options with { InteractionsKeptFor = TimeSpan.FromSeconds(90) } };
        await using (var store = brief.Open())
            await store.FlushAsync(Flush(3, Session("anna", 3, "state", 3)), default);
        await using var cluster = await _test.ConnectAsync();
        var row = await cluster.QueryAsync("SELECT TTL(event_id) FROM interaction");
        Assert.True(row.Read());
        Assert.InRange(row.Int(0), 60, 90);
    }

    [Fact]
    public async Task A_user_who_did_more_than_one_batch_takes_is_stored_whole()
    {
        var offsets = Enumerable.Range(1, 3_500).Select(i => (long)i).ToArray();
        await _store.FlushAsync(Flush(3_500, Session("anna", 3_500, "state", offsets)), default);
        var stored = await _store.ListInteractionsAsync("anna", default).ToListAsync();
        Assert.Equal(offsets, stored.Select(i => i.Version.Offset));
    }

    [Theory]
    [InlineData("One")]
    [InlineData("Any")]
    [InlineData("LocalOne")]
    [InlineData("All")]
    public void A_consistency_that_is_no_quorum_is_refused(string level)
    {
        var options = _test.Options with
        {
            Cluster = _test.Options.Cluster with { Consistency = Enum.Parse<CourseRec.Cql.CqlConsistency>(level) },
        };
        var refusal = Assert.Throws<ArgumentException>(() => (_test with { Options = options }).Open());
        Assert.StartsWith($"Consistency is {level}; it must be LocalQuorum or Quorum", refusal.Message);
    }

    // Another store of the same keyspace that erases the user, and whose deletion is older than what is there: as if
    // it had been forgotten.
    private async Task<CassandraSessionStore> MarkOnlyAsync(string user, long offset)
    {
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes(user)));
        var version = V(offset).Value;
        await RunAsync($"UPDATE erasure USING TIMESTAMP {version} SET version = {version} WHERE user_hash = 0x{hash}");
        await RunAsync($"UPDATE erasure USING TIMESTAMP 77 SET time = 77 WHERE user_hash = 0x{hash}");
        return _test.Open();
    }

    private async Task RunAsync(string cql)
    {
        await using var cluster = await _test.ConnectAsync();
        await cluster.QueryAsync(cql);
    }

    private async Task<string> DumpTextAsync() => JsonSerializer.Serialize(await OtherClient.DumpAsync(_test));

    private static void AssertWritten(Dictionary<string, string?> row, LogVersion version, params string[] cells) =>
        Assert.All(cells, cell => Assert.Equal($"{version.Value}", row[$"writetime({cell})"]));

    private static async Task AssertStoppedAsync(Func<Task> read, string named)
    {
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(read);
        Assert.Contains(named, stopped.Message);
        Assert.Contains("was not written by CourseRec", stopped.Message);
    }
}
