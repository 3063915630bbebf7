using Akka.Actor;
using Akka.Cluster;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Keeps all partitions running, wherever they belong. The session nodes wake them by turns, so that the traffic does
/// not grow with the nodes.
/// </summary>
/// <param name="region">The shard region.</param>
/// <param name="partitions">How many there are.</param>
internal sealed class PartitionPinger(IActorRef region, int partitions) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private readonly Cluster _cluster = Cluster.Get(Context.System);

    private int _turn;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        for (var partition = 0; partition < partitions; partition++)
            region.Tell(new Wake(partition));
        Timers.StartPeriodicTimer(nameof(Ping), Ping.It, Interval);
    }

    protected override void OnReceive(object message)
    {
        var self = _cluster.SelfUniqueAddress;
        var nodes = _cluster.State.Members.Where(member => member.HasRole(SessionCluster.SessionRole)).ToArray();
        var place = Math.Max(0, Array.FindIndex(nodes, member => member.UniqueAddress == self));
        for (var partition = (place + ++_turn) % Math.Max(1, nodes.Length); partition < partitions; )
        {
            region.Tell(new Wake(partition));
            partition += Math.Max(1, nodes.Length);
        }
    }

    private sealed record Ping
    {
        public static Ping It { get; } = new();
    }
}
