using System.Globalization;
using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Tests;

[Collection(CassandraCollection.Name)]
public sealed class CqlStatementsTests(SharedCassandra cassandra)
{
    [Fact]
    public async Task Pages_hold_every_row_once_and_no_more_than_asked()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE p (k text, i int, PRIMARY KEY (k, i))");
        var insert = await cluster.PrepareAsync("INSERT INTO p (k, i) VALUES (?, ?)", [0]);
        await Task.WhenAll(
            Enumerable.Range(0, 95).Select(i => cluster.ExecuteAsync(insert.Bind().Text("k").Int(i)).AsTask())
        );
        var select = await cluster.PrepareAsync("SELECT i FROM p WHERE k = ?", [0]);

        var (sizes, values) = (new List<int>(), new List<int>());
        await foreach (var page in cluster.PageAsync(select.Bind().Text("k"), pageSize: 10))
        {
            sizes.Add(page.Count);
            while (page.Read())
                values.Add(page.Int(0));
        }

        Assert.All(sizes, size => Assert.InRange(size, 0, 10));
        Assert.Equal(Enumerable.Range(0, 95), values);
    }

    [Fact]
    public async Task A_batch_writes_two_tables_of_one_partition_with_one_timestamp()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE s (user text PRIMARY KEY, b blob)");
        await cluster.QueryAsync("CREATE TABLE hv (user text, at bigint, v int, PRIMARY KEY (user, at))");
        var session = await cluster.PrepareAsync("INSERT INTO s (user, b) VALUES (?, ?)", [0]);
        var history = await cluster.PrepareAsync("INSERT INTO hv (user, at, v) VALUES (?, ?, ?)", [0]);

        var batch = new CqlBatch().WithTimestamp(77).Add(session.Bind().Text("u").Blob([1, 2, 3]));
        for (var i = 0; i < 3; i++)
            batch.Add(history.Bind().Text("u").BigInt(i).Int(i));
        await cluster.ExecuteAsync(batch);

        var first = await cluster.QueryAsync("SELECT b, WRITETIME(b) FROM s WHERE user = 'u'");
        Assert.True(first.Read());
        Assert.Equal([1, 2, 3], first.Blob(0).ToArray());
        Assert.Equal(77, first.BigInt(1));
        var rows = await cluster.QueryAsync("SELECT WRITETIME(v) FROM hv WHERE user = 'u'");
        Assert.Equal(3, rows.Count);
        while (rows.Read())
            Assert.Equal(77, rows.BigInt(0));
    }

    [Fact]
    public async Task A_batch_over_two_partitions_is_refused()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE two (k text PRIMARY KEY, v int)");
        var insert = await cluster.PrepareAsync("INSERT INTO two (k, v) VALUES (?, ?)", [0]);
        var batch = new CqlBatch().Add(insert.Bind().Text("a").Int(1));
        Assert.Throws<ArgumentException>(() => batch.Add(insert.Bind().Text("b").Int(1)));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await cluster.ExecuteAsync(new CqlBatch()));
    }

    [Fact]
    public async Task A_write_with_an_older_timestamp_loses_whether_bound_or_by_default()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE ts (k text PRIMARY KEY, v int)");
        var versioned = await cluster.PrepareAsync("INSERT INTO ts (k, v) VALUES (?, ?) USING TIMESTAMP ?", [0]);
        var plain = await cluster.PrepareAsync("INSERT INTO ts (k, v) VALUES (?, ?)", [0]);
        var version = (1L << 40) + 5;
        await cluster.ExecuteAsync(versioned.Bind().Text("k").Int(5).BigInt(version));
        await cluster.ExecuteAsync(versioned.Bind().Text("k").Int(3).BigInt(version - 2));
        await cluster.ExecuteAsync(plain.Bind().Text("k").Int(4).WithTimestamp(version - 1));

        var rows = await cluster.QueryAsync("SELECT v, WRITETIME(v) FROM ts WHERE k = 'k'");
        Assert.True(rows.Read());
        Assert.Equal(5, rows.Int(0));
        Assert.Equal(version, rows.BigInt(1));

        await cluster.ExecuteAsync(plain.Bind().Text("k").Int(6).WithTimestamp(version + 1));
        rows = await cluster.QueryAsync("SELECT v, WRITETIME(v) FROM ts WHERE k = 'k'");
        Assert.True(rows.Read());
        Assert.Equal(6, rows.Int(0));
        Assert.Equal(version + 1, rows.BigInt(1));
    }

    [Fact]
    public async Task A_lightweight_transaction_says_whether_it_was_applied()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE lwt (k text PRIMARY KEY, v int)");
        var insert = await cluster.PrepareAsync("INSERT INTO lwt (k, v) VALUES (?, ?) IF NOT EXISTS", [0]);
        Assert.True(insert.IsConditional);

        var first = await cluster.ExecuteAsync(insert.Bind().Text("k").Int(1));
        var second = await cluster.ExecuteAsync(insert.Bind().Text("k").Int(2));

        Assert.True(first.Read() && first.Applied);
        Assert.True(second.Read());
        Assert.False(second.Applied);
        Assert.Equal(1, second.Int(second.IndexOf("v")));
    }

    [Fact]
    public async Task Tokens_are_those_of_the_server()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE one (k text PRIMARY KEY, v int)");
        await cluster.QueryAsync("CREATE TABLE pair (a text, b bigint, v int, PRIMARY KEY ((a, b)))");
        var one = await cluster.PrepareAsync("INSERT INTO one (v, k) VALUES (?, ?)", [1]);
        var pair = await cluster.PrepareAsync("INSERT INTO pair (a, b, v) VALUES (?, ?, ?)", [0, 1]);
        var expected = new Dictionary<string, long>();
        for (var length = 1; length < 60; length++)
        {
            var key = string.Concat(Enumerable.Range(0, length).Select(i => i % 3 == 0 ? "é" : $"{i % 10}"));
            var (bound, both) = (one.Bind().Int(0).Text(key), pair.Bind().Text(key).BigInt(length).Int(0));
            expected[key] = bound.Token!.Value;
            expected[$"{key}/{length.ToString(CultureInfo.InvariantCulture)}"] = both.Token!.Value;
            await cluster.ExecuteAsync(bound);
            await cluster.ExecuteAsync(both);
        }

        var actual = new Dictionary<string, long>();
        var rows = await cluster.QueryAsync("SELECT k, token(k) FROM one");
        while (rows.Read())
            actual[rows.Text(0)] = rows.BigInt(1);
        rows = await cluster.QueryAsync("SELECT a, b, token(a, b) FROM pair");
        while (rows.Read())
            actual[$"{rows.Text(0)}/{rows.BigInt(1).ToString(CultureInfo.InvariantCulture)}"] = rows.BigInt(2);
        Assert.Equal(
            expected.OrderBy(e => e.Key, StringComparer.Ordinal),
            actual.OrderBy(e => e.Key, StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Errors_have_their_kind_and_carry_the_servers_message()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        Assert.Contains(
            "SELEKT",
            await RefusedAsync(CqlError.Syntax, async () => await cluster.QueryAsync("SELEKT 1"))
        );
        Assert.Contains(
            "nowhere",
            await RefusedAsync(CqlError.Invalid, async () => await cluster.PrepareAsync("SELECT * FROM nowhere"))
        );
        const string table = "CREATE TABLE twice (k text PRIMARY KEY)";
        await cluster.QueryAsync(table);
        Assert.Contains(
            "twice",
            await RefusedAsync(CqlError.AlreadyExists, async () => await cluster.QueryAsync(table))
        );
        const string insert = "INSERT INTO twice (k) VALUES ('k')";
        await cluster.QueryAsync(insert);
        Assert.Contains(
            "(1 of 2 replicas for Two)",
            await RefusedAsync(CqlError.Unavailable, async () => await cluster.QueryAsync(insert, CqlConsistency.Two))
        );
    }

    private static async Task<string> RefusedAsync(CqlError kind, Func<Task> ask)
    {
        var error = await Assert.ThrowsAsync<CqlServerException>(ask);
        Assert.Equal(kind, error.Error);
        return error.Message;
    }

    [Fact]
    public async Task A_changed_table_is_read_as_it_is_now()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE alt (k text PRIMARY KEY, v int)");
        await cluster.QueryAsync("INSERT INTO alt (k, v) VALUES ('k', 1)");
        var select = await cluster.PrepareAsync("SELECT * FROM alt WHERE k = ?", [0]);
        var before = await cluster.ExecuteAsync(select.Bind().Text("k"));
        await cluster.QueryAsync("ALTER TABLE alt ADD a text");
        await cluster.QueryAsync("INSERT INTO alt (k, a) VALUES ('k', 'new')");
        var after = await cluster.ExecuteAsync(select.Bind().Text("k"));

        Assert.Equal(2, before.Columns.Count);
        Assert.True(after.Read());
        Assert.Equal(1, after.Int(after.IndexOf("v")));
    }

    [Fact]
    public async Task More_requests_than_places_wait_and_are_all_answered()
    {
        await using var cluster = await Cluster.ConnectAsync(
            cassandra,
            options => options with { MaxInFlight = 3, ConnectionsPerHost = 1 }
        );
        await cluster.QueryAsync("CREATE TABLE many (k int PRIMARY KEY, v blob)");
        var insert = await cluster.PrepareAsync("INSERT INTO many (k, v) VALUES (?, ?)", [0]);
        var blob = new byte[20_000];
        await Task.WhenAll(
            Enumerable.Range(0, 400).Select(i => cluster.ExecuteAsync(insert.Bind().Int(i).Blob(blob)).AsTask())
        );
        var rows = await cluster.QueryAsync("SELECT COUNT(*) FROM many");
        Assert.True(rows.Read());
        Assert.Equal(400, rows.BigInt(0));
    }

    [Fact]
    public async Task A_call_that_is_given_up_leaves_the_connection_whole()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra, options => options with { MaxInFlight = 4 });
        var select = await cluster.PrepareAsync("SELECT cluster_name FROM system.local");
        using var cancelled = new CancellationTokenSource();
        var calls = Enumerable
            .Range(0, 100)
            .Select(_ => cluster.ExecuteAsync(select.Bind(), cancel: cancelled.Token).AsTask())
            .ToArray();
        await cancelled.CancelAsync();
        foreach (var call in calls)
            await Record.ExceptionAsync(() => call);
        Assert.Contains(calls, call => call.IsCanceled);
        for (var i = 0; i < 20; i++)
            Assert.Equal(1, (await cluster.ExecuteAsync(select.Bind())).Count);
    }
}
