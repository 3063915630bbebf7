using System.Net;
using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Cql.Tests;

[Collection(CassandraCollection.Name)]
public sealed class CqlValuesTests(SharedCassandra cassandra)
{
    private const string Table =
        "CREATE TABLE v (k text PRIMARY KEY, b blob, i int, l bigint, d double, f boolean, t timestamp, u uuid, n "
        + "inet, s set<text>, m map<text, text>)";
    private const string Insert = "INSERT INTO v (k, b, i, l, d, f, t, u, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private const string Select = "SELECT k, b, i, l, d, f, t, u, n, s, m FROM v WHERE k = ?";

    [Fact]
    public async Task Every_type_is_read_as_it_was_written()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync(Table);
        var insert = await cluster.PrepareAsync(Insert, [0]);
        var id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
        var blob = Enumerable.Range(0, 300).Select(i => (byte)i).ToArray();
        await cluster.ExecuteAsync(
            insert
                .Bind()
                .Text("grün 课程 🎓")
                .Blob(blob)
                .Int(int.MinValue)
                .BigInt(long.MaxValue)
                .Double(-0.1)
                .Boolean(true)
                .Timestamp(1_700_000_000_123)
                .Uuid(id)
                .Inet(IPAddress.Parse("2001:db8::1"))
        );
        await cluster.QueryAsync("UPDATE v SET s = {'b', 'a'}, m = {'x': 'y'} WHERE k = 'grün 课程 🎓'");

        var rows = await cluster.ExecuteAsync((await cluster.PrepareAsync(Select, [0])).Bind().Text("grün 课程 🎓"));

        Assert.Equal(1, rows.Count);
        Assert.True(rows.Read());
        Assert.Equal("grün 课程 🎓", rows.Text(0));
        Assert.Equal(blob, rows.Blob(1));
        Assert.Equal(int.MinValue, rows.Int(2));
        Assert.Equal(long.MaxValue, rows.BigInt(3));
        Assert.Equal(-0.1, rows.Double(4));
        Assert.True(rows.Boolean(5));
        Assert.Equal(1_700_000_000_123, rows.Timestamp(6));
        Assert.Equal(id, rows.Uuid(7));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), rows.Inet(8));
        Assert.Equal(["a", "b"], rows.Texts(9));
        Assert.False(rows.IsNull(10));
        Assert.False(rows.Read());
    }

    [Fact]
    public async Task Ascii_is_text()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE a (k ascii PRIMARY KEY)");
        await cluster.QueryAsync("INSERT INTO a (k) VALUES ('ascii')");
        var rows = await cluster.QueryAsync("SELECT k FROM a");
        Assert.True(rows.Read());
        Assert.Equal("ascii", rows.Text(0));
    }

    [Fact]
    public async Task Null_is_told_apart_from_empty()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE n (k text PRIMARY KEY, a text, b blob)");
        var insert = await cluster.PrepareAsync("INSERT INTO n (k, a, b) VALUES (?, ?, ?)");
        await cluster.ExecuteAsync(insert.Bind().Text("null").Null().Null());
        await cluster.ExecuteAsync(insert.Bind().Text("empty").Text("").Blob([]));
        var select = await cluster.PrepareAsync("SELECT a, b FROM n WHERE k = ?");

        var missing = await cluster.ExecuteAsync(select.Bind().Text("null"));
        var empty = await cluster.ExecuteAsync(select.Bind().Text("empty"));

        Assert.True(missing.Read());
        Assert.True(missing.IsNull(0) && missing.IsNull(1));
        Assert.Contains("null", Assert.Throws<CqlTypeException>(() => missing.Text(0)).Message);
        Assert.True(empty.Read());
        Assert.Equal("", empty.Text(0));
        Assert.Equal(0, empty.Blob(1).Length);
    }

    [Fact]
    public async Task A_value_of_another_type_is_refused_where_it_is_bound_and_where_it_is_read()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        await cluster.QueryAsync("CREATE TABLE w (k text PRIMARY KEY, i int)");
        var insert = await cluster.PrepareAsync("INSERT INTO w (k, i) VALUES (?, ?)");

        Assert.Contains(
            "i is int, not Text",
            Assert.Throws<CqlTypeException>(() => insert.Bind().Text("k").Text("x")).Message
        );
        Assert.Throws<CqlTypeException>(() => insert.Bind().Text("k").Int(1).Int(2));
        await Assert.ThrowsAsync<CqlTypeException>(async () => await cluster.ExecuteAsync(insert.Bind().Text("k")));

        await cluster.ExecuteAsync(insert.Bind().Text("k").Int(7));
        var rows = await cluster.QueryAsync("SELECT k, i FROM w");
        Assert.True(rows.Read());
        Assert.Throws<CqlTypeException>(() => rows.BigInt(1));
        Assert.Throws<CqlTypeException>(() => rows.IndexOf("other"));
        Assert.Equal(7, rows.Int(rows.IndexOf("i")));
    }

    [Fact]
    public async Task A_bound_statement_is_executed_once()
    {
        await using var cluster = await Cluster.ConnectAsync(cassandra);
        var bound = (await cluster.PrepareAsync("SELECT cluster_name FROM system.local")).Bind();
        await cluster.ExecuteAsync(bound);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await cluster.ExecuteAsync(bound));
    }
}
