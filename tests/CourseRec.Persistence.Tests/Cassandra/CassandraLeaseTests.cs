using CourseRec.Actors.Ports;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Tests.Contract;

namespace CourseRec.Persistence.Tests.Cassandra;

[Collection(CassandraCollection.Name)]
public sealed class CassandraLeaseTests(CassandraWithStore cassandra) : LeaseContract, IAsyncLifetime
{
    private TestStore _test = null!;
    private CassandraSessionStore _store = null!;
    private CassandraSessionStore _other = null!;

    protected override ILeases Leases => _store.Leases;

    protected override ILeases Other => _other.Leases;

    public async Task InitializeAsync()
    {
        _test = await cassandra.EmptyStoreAsync();
        (_store, _other) = (_test.Open(), _test.Open());
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData(30, 31)]
    [InlineData(29.2, 31)]
    public async Task A_row_outlives_the_lease_by_the_second_that_Cassandra_may_cut_off(double seconds, int most)
    {
        await Leases.TryAcquireAsync("sbr", "a", TimeSpan.FromSeconds(seconds), default);
        await AssertTimeToLiveAsync(most);
        await Leases.TryAcquireAsync("sbr", "a", TimeSpan.FromSeconds(seconds + 60), default);
        await AssertTimeToLiveAsync(most + 60);
    }

    private async Task AssertTimeToLiveAsync(int most)
    {
        await using var cluster = await _test.ConnectAsync();
        var row = await cluster.QueryAsync("SELECT TTL(owner) FROM lease WHERE name = 'sbr'");
        Assert.True(row.Read());
        Assert.InRange(row.Int(0), most - 20, most);
    }
}
