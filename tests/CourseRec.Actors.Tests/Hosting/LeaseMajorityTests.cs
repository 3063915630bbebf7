using System.Net;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>Two nodes, of which one ends without a word: whether the other goes on is the lease's to say.</summary>
public sealed class LeaseMajorityTests : IAsyncLifetime
{
    private const string Name = "majority-akka-sbr";
    private static readonly ClusterTimings Timings = new()
    {
        HeartbeatPause = TimeSpan.FromSeconds(2),
        StableAfter = TimeSpan.FromSeconds(1),
    };
    private readonly InMemoryLeases _leases = new(TimeProvider.System);
    private readonly List<ActorSystem> _systems = [];
    private Cluster _first = null!;
    private Cluster _second = null!;

    public async Task InitializeAsync()
    {
        (_first, _second) = (Start(), Start());
        await _first.JoinAsync(_first.SelfAddress).Briefly();
        await _second.JoinAsync(_first.SelfAddress).Briefly();
        await Eventually.HoldsAsync(() => Up(_first) == 2 && Up(_second) == 2, () => (Up(_first), Up(_second)));
    }

    public Task DisposeAsync() => Task.WhenAll(_systems.Select(system => system.Terminate()));

    [Fact]
    public async Task The_one_that_gets_the_lease_goes_on_alone()
    {
        await _second.System.Terminate().Briefly();
        await Eventually.HoldsAsync(() => Members(_first) == 1, () => _first.State);
        Assert.False(_first.IsTerminated);
        Assert.True(await _leases.IsHeldAsync(Name, _first.SelfAddress.HostPort(), default));
    }

    [Fact]
    public async Task It_goes_on_too_when_the_lease_is_the_other_one_s_from_a_moment_before()
    {
        var decision = Timings.HeartbeatPause + Timings.StableAfter;
        Assert.True(await _leases.TryAcquireAsync(Name, _second.SelfAddress.HostPort(), decision * 3, default));
        await _second.System.Terminate().Briefly();
        await Eventually.HoldsAsync(() => Members(_first) == 1, () => _first.State);
        Assert.False(_first.IsTerminated);
    }

    [Fact]
    public async Task The_one_that_does_not_get_it_ends_itself()
    {
        Assert.True(await _leases.TryAcquireAsync(Name, "the other half", TimeSpan.FromMinutes(10), default));
        await _second.System.Terminate().Briefly();
        await Eventually.HoldsAsync(() => _first.IsTerminated, () => _first.State);
    }

    private static int Members(Cluster cluster) => cluster.State.Members.Count;

    private static int Up(Cluster cluster) => cluster.State.Members.Count(member => member.Status == MemberStatus.Up);

    private Cluster Start()
    {
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka {
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = "{{IPAddress.Loopback}}", port = 0 }
              coordinated-shutdown.run-by-actor-system-terminate = off
              cluster {
                roles = [session]
                failure-detector { heartbeat-interval = 200ms, acceptable-heartbeat-pause = 2s }
                split-brain-resolver.stable-after = 1s
              }
            }
            """
        );
        var setup = BootstrapSetup
            .Create()
            .WithConfig(config.WithFallback(LeaseMajority.Config(Timings)).WithFallback(TestConfig.Patient))
            .And(new LeasesSetup(_leases, TimeProvider.System));
        _systems.Add(ActorSystem.Create("majority", setup));
        return Cluster.Get(_systems[^1]);
    }
}
