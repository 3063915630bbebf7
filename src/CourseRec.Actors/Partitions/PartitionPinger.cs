using Akka.Actor;
using Akka.Cluster;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Keeps all partitions running, wherever they belong: often while nodes come and go, and now and then at rest. The
/// session nodes wake them by turns, so that the traffic does not grow with the nodes.
/// </summary>
/// <param name="region">The shard region.</param>
/// <param name="partitions">How many there are.</param>
internal sealed class PartitionPinger(IActorRef region, int partitions) : UntypedActor, IWithTimers
{
    private const int PingsAfterChange = 50;
    private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(5);
    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private int _oftenLeft = PingsAfterChange;
    private int _turn;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        for (var partition = 0; partition < partitions; partition++)
            region.Tell(new Wake(partition));
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.IReachabilityEvent)
        );
        PingIn(Often);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is Ping)
        {
            WakeSome();
            _oftenLeft = Math.Max(0, _oftenLeft - 1);
            PingIn(_oftenLeft > 0 ? Often : Seldom);
        }
        else
        {
            if (_oftenLeft == 0)
                PingIn(Often);
            _oftenLeft = PingsAfterChange;
        }
    }

    private void WakeSome()
    {
        var self = _cluster.SelfUniqueAddress;
        var nodes = _cluster.State.Members.Where(member => member.HasRole(SessionCluster.SessionRole)).ToArray();
        var place = Math.Max(0, Array.FindIndex(nodes, member => member.UniqueAddress == self));
        var step = Math.Max(1, nodes.Length);
        for (var partition = (place + ++_turn) % step; partition < partitions; partition += step)
            region.Tell(new Wake(partition));
    }

    private void PingIn(TimeSpan time) => Timers.StartSingleTimer(nameof(Ping), Ping.It, time);

    private sealed record Ping
    {
        public static Ping It { get; } = new();
    }
}
