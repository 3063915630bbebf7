using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Tests.Contract;

namespace CourseRec.Persistence.Tests.Cassandra;

[Collection(CassandraCollection.Name)]
public sealed class CassandraNodeDirectoryTests(CassandraWithStore cassandra) : NodeDirectoryContract, IAsyncLifetime
{
    private TestStore _store = null!;
    private CassandraSessionStore _sessions = null!;

    public async Task InitializeAsync()
    {
        _store = await cassandra.EmptyStoreAsync();
        _sessions = _store.Open();
    }

    public async Task DisposeAsync() => await _sessions.DisposeAsync();

    [Fact]
    public async Task What_is_not_said_again_is_forgotten_after_15_seconds()
    {
        await _sessions.Nodes.PublishAsync(Node("a", "http://10.0.0.1:5080/"), default);
        await using var other = await _store.ConnectAsync();
        var row = await other.QueryAsync("SELECT TTL(url), TTL(roles), TTL(partitions), TTL(versions) FROM node");
        Assert.True(row.Read());
        Assert.All(Enumerable.Range(0, 4), column => Assert.InRange(row.Int(column), 1, 15));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_left_out()
    {
        await using (var other = await _store.ConnectAsync())
            await other.QueryAsync(
                "INSERT INTO node (id, url, roles, partitions, versions) VALUES ('odd', '', 'Session', 'all', '{}')"
            );
        await _sessions.Nodes.PublishAsync(Node("a", "http://10.0.0.1:5080/"), default);

        Assert.Equal("a", Assert.Single(await _sessions.Nodes.ListAsync(default)).Id);
    }

    protected override ValueTask<INodeDirectory> OpenAsync() => ValueTask.FromResult(_sessions.Nodes);
}
