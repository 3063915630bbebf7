using CourseRec.Actors.Ports;

namespace CourseRec.Persistence.Tests.Contract;

/// <summary>What all leases keep. An adapter supplies two users of the same ones, none of which is held.</summary>
public abstract class LeaseContract
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    /// <summary>The leases, as one process sees them.</summary>
    protected abstract ILeases Leases { get; }

    /// <summary>The same leases, as another process sees them.</summary>
    protected abstract ILeases Other { get; }

    [Fact]
    public async Task A_free_lease_is_acquired_and_a_second_owner_is_refused()
    {
        Assert.False(await Leases.IsHeldAsync("sbr", "a", default));
        Assert.True(await Leases.TryAcquireAsync("sbr", "a", Long, default));
        Assert.False(await Other.TryAcquireAsync("sbr", "b", Long, default));
        Assert.True(await Other.IsHeldAsync("sbr", "a", default));
        Assert.False(await Other.IsHeldAsync("sbr", "b", default));
    }

    [Fact]
    public async Task Leases_of_other_names_are_other_leases()
    {
        Assert.True(await Leases.TryAcquireAsync("sbr", "a", Long, default));
        Assert.True(await Other.TryAcquireAsync("singleton", "b", Long, default));
    }

    [Fact]
    public async Task A_released_lease_is_free()
    {
        await Leases.TryAcquireAsync("sbr", "a", Long, default);
        await Leases.ReleaseAsync("sbr", "a", default);
        Assert.False(await Leases.IsHeldAsync("sbr", "a", default));
        Assert.True(await Other.TryAcquireAsync("sbr", "b", Long, default));
    }

    [Fact]
    public async Task Releasing_anothers_lease_or_a_free_one_does_nothing()
    {
        await Other.ReleaseAsync("sbr", "b", default);
        await Leases.TryAcquireAsync("sbr", "a", Long, default);
        await Other.ReleaseAsync("sbr", "b", default);
        Assert.True(await Leases.IsHeldAsync("sbr", "a", default));
    }

    [Fact]
    public async Task A_lease_that_is_not_renewed_expires_and_not_before_its_time()
    {
        var start = TimeProvider.System.GetTimestamp();
        Assert.True(await Leases.TryAcquireAsync("sbr", "a", Short, default));
        await Eventually.HoldsAsync(
            async () => await Other.TryAcquireAsync("sbr", "b", Long, default),
            async () => $"held by a: {await Other.IsHeldAsync("sbr", "a", default)}"
        );
        Assert.True(TimeProvider.System.GetElapsedTime(start) >= Short);
        Assert.False(await Leases.TryAcquireAsync("sbr", "a", Long, default));
    }

    [Fact]
    public async Task A_renewed_lease_outlives_its_first_time()
    {
        await Leases.TryAcquireAsync("sbr", "a", Short, default);
        await Leases.TryAcquireAsync("probe", "a", Short, default);
        Assert.True(await Leases.TryAcquireAsync("sbr", "a", Long, default));
        await Eventually.HoldsAsync(
            async () => !await Leases.IsHeldAsync("probe", "a", default),
            () => Task.FromResult("the other lease has not expired")
        );
        Assert.False(await Other.TryAcquireAsync("sbr", "b", Long, default));
        Assert.True(await Leases.IsHeldAsync("sbr", "a", default));
    }

    [Fact]
    public async Task Of_owners_at_once_one_gets_it()
    {
        ILeases[] users = [Leases, Other];
        var held = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(i => users[i % 2].TryAcquireAsync("sbr", $"o{i}", Long, default).AsTask())
        );
        var owner = Assert.Single(held.Index(), answer => answer.Item).Index;
        Assert.True(await Leases.IsHeldAsync("sbr", $"o{owner}", default));
    }

    [Fact]
    public async Task A_lease_for_no_time_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            Leases.TryAcquireAsync("sbr", "a", TimeSpan.Zero, default).AsTask()
        );
    }
}
