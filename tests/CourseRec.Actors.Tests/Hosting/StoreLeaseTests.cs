using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Coordination;
using CourseRec.Actors.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Actors.Tests.Hosting;

public sealed class StoreLeaseTests : IAsyncLifetime
{
    private static readonly ClusterTimings Timings = new()
    {
        HeartbeatPause = TimeSpan.FromSeconds(5),
        StableAfter = TimeSpan.FromSeconds(3),
    };
    private static readonly TimeSpan Decision = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Lifetime = Decision * 3;
    private static readonly TimeSpan Patience = Decision * 2.5;
    private static readonly TimeSpan Interval = Decision / 2;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryLeases _leases;
    private readonly ActorSystem _system;
    private readonly Lease _lease;
    private readonly Lease _other;

    public StoreLeaseTests()
    {
        _leases = new InMemoryLeases(_time);
        _system = Make(new LeasesSetup(_leases, _time));
        _lease = Get(_system, "a");
        _other = Get(_system, "b");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task One_owner_gets_it_and_the_other_when_it_is_released()
    {
        Assert.False(_lease.CheckLease());
        Assert.True(await _lease.Acquire());
        Assert.True(_lease.CheckLease());
        await RefusedAsync();
        Assert.False(_other.CheckLease());

        Assert.True(await _lease.Release());
        Assert.False(_lease.CheckLease());
        Assert.True(await _other.Acquire());
    }

    [Fact]
    public async Task A_held_lease_is_renewed_and_outlives_its_time()
    {
        await _lease.Acquire(Unexpected);
        for (var times = 2; times <= 12; times++)
            await PassAsync(() => _leases.Acquired >= times);
        Assert.True(_lease.CheckLease());
        await RefusedAsync();
    }

    [Fact]
    public async Task Of_two_that_decide_almost_at_once_the_later_gets_nothing_though_the_earlier_stands_still()
    {
        await _lease.Acquire(Unexpected);
        await _system.Terminate();
        _time.Advance(Decision / 4);
        await RefusedAsync();
    }

    [Fact]
    public async Task It_is_renewed_at_the_interval_and_not_before()
    {
        await _lease.Acquire(Unexpected);
        _time.Advance(Interval - Second);
        Assert.Equal(1, _leases.Acquired);
        _time.Advance(Second);
        await Eventually.HoldsAsync(() => _leases.Acquired == 2, () => _leases.Acquired);
    }

    [Fact]
    public async Task A_released_lease_is_not_renewed()
    {
        await _lease.Acquire(Unexpected);
        await _lease.Release();
        await _other.Acquire(Unexpected);
        await PassAsync(() => _leases.Acquired > 3);
        Assert.True(await _leases.IsHeldAsync("sbr", "b", default));
    }

    [Fact]
    public async Task A_lease_that_cannot_be_renewed_is_held_until_it_expires_and_lost_then()
    {
        var lost = new TaskCompletionSource<Exception>();
        await _lease.Acquire(lost.SetResult);
        _leases.IsAway = true;
        _time.Advance(Lifetime - Second);
        Assert.True(_lease.CheckLease());
        Assert.False(lost.Task.IsCompleted);
        _time.Advance(Second);
        Assert.False(_lease.CheckLease());
        await PassAsync(() => lost.Task.IsCompleted);
        Assert.IsType<LeaseException>(await lost.Task);
    }

    [Fact]
    public async Task A_store_that_comes_back_in_time_loses_nothing()
    {
        await _lease.Acquire(Unexpected);
        _leases.IsAway = true;
        _time.Advance(Lifetime / 2);
        _leases.IsAway = false;
        await PassAsync(() => _leases.Acquired > 2);
        Assert.True(_lease.CheckLease());
    }

    [Fact]
    public async Task A_lease_that_another_owner_has_by_now_is_lost_at_once()
    {
        var lost = new TaskCompletionSource<Exception>();
        await _lease.Acquire(lost.SetResult);
        await _leases.ReleaseAsync("sbr", "a", default);
        await _other.Acquire(Unexpected);
        _time.Advance(Interval);
        Assert.Equal("Another owner has the lease sbr.", (await lost.Task.Briefly()).Message);
        Assert.False(_lease.CheckLease());
    }

    [Fact]
    public async Task A_lost_lease_can_be_acquired_again()
    {
        var lost = new TaskCompletionSource<Exception>();
        await _lease.Acquire(lost.SetResult);
        _leases.IsAway = true;
        _time.Advance(Lifetime);
        await lost.Task.Briefly();
        _leases.IsAway = false;
        Assert.True(await _lease.Acquire(Unexpected));
        Assert.True(_lease.CheckLease());
    }

    [Fact]
    public async Task A_store_that_is_away_or_silent_fails_the_call_in_time()
    {
        _leases.IsAway = true;
        Assert.Equal("the store is away", (await Assert.ThrowsAsync<LeaseException>(_lease.Acquire)).Message);
        (_leases.IsAway, _leases.IsSilent) = (false, true);
        var asked = _lease.Acquire();
        await PassAsync(() => asked.IsCompleted);
        await Assert.ThrowsAsync<LeaseTimeoutException>(() => asked);
        Assert.False(_lease.CheckLease());
    }

    [Fact]
    public async Task A_release_that_the_store_did_not_hear_of_leaves_the_lease_to_expire()
    {
        await _lease.Acquire(Unexpected);
        _leases.IsAway = true;
        await Assert.ThrowsAsync<LeaseException>(_lease.Release);
        _leases.IsAway = false;
        Assert.False(_lease.CheckLease());
        await RefusedAsync();
        _time.Advance(Lifetime);
        Assert.True(await _other.Acquire());
    }

    [Fact]
    public async Task An_actor_system_that_ended_renews_nothing()
    {
        await _lease.Acquire(Unexpected);
        await _system.Terminate();
        await PassAsync(() => !_lease.CheckLease());
        Assert.Equal(1, _leases.Acquired);
        Assert.True(await _other.Acquire());
    }

    [Fact]
    public async Task An_actor_system_without_leases_is_told_what_it_needs()
    {
        var system = Make();
        var refusal = Assert.ThrowsAny<Exception>(() => Get(system, "a"));
        Assert.Contains("needs a LeasesSetup", refusal.ToString());
        await system.Terminate();
    }

    private static ActorSystem Make(params Setup[] setups) =>
        ActorSystem.Create(
            "leases",
            ActorSystemSetup.Create([
                BootstrapSetup.Create().WithConfig(LeaseMajority.Config(Timings).WithFallback(TestConfig.Patient)),
                .. setups,
            ])
        );

    private static Lease Get(ActorSystem system, string owner) =>
        Assert.IsType<StoreLease>(LeaseProvider.Get(system).GetLease("sbr", "courserec.store-lease", owner));

    /// <summary>The other one asks for it, for as long as it may.</summary>
    private async Task RefusedAsync()
    {
        var before = _leases.Asked;
        var acquired = _other.Acquire();
        await Eventually.HoldsAsync(() => _leases.Asked > before, () => _leases.Asked);
        _time.Advance(Patience);
        Assert.False(await acquired.Briefly());
    }

    // Two seconds at a time: what they set off runs on the pool, and must be done before the lease expires.
    private Task PassAsync(Func<bool> condition) =>
        Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(2 * Second);
                return condition();
            },
            () => $"acquired {_leases.Acquired} times, held {_lease.CheckLease()}"
        );

    private static void Unexpected(Exception e) => Assert.Fail($"The lease was lost: {e}");
}
