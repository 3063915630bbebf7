using Akka.Actor;
using Akka.Cluster;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Pings the other session nodes on a dispatcher of its own, and answers theirs: what <see cref="ServingProof"/> is
/// made of.
/// </summary>
/// <param name="proof">What is proven.</param>
/// <param name="interval">Between two pings.</param>
internal sealed class ServingProofActor(ServingProof proof, TimeSpan interval) : UntypedActor, IWithTimers
{
    /// <summary>Where the other nodes find it.</summary>
    public const string Name = "serving-proof";

    private readonly Cluster _cluster = Cluster.Get(Context.System);
    private readonly Dictionary<UniqueAddress, Member> _members = [];
    private Address[] _others = [];

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent)
        );
        Timers.StartPeriodicTimer(nameof(Ping), Ping.It, interval);
    }

    protected override void PostStop()
    {
        proof.SetMembers(isMember: false, []);
        _cluster.Unsubscribe(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Ping:
                SendPings();
                break;
            case ProofPing ping:
                Sender.Tell(new ProofPong(ping.Round, _cluster.SelfUniqueAddress.Uid));
                break;
            case ProofPong pong:
                proof.OnAnswer(pong.Round, pong.Node);
                break;
            case ClusterEvent.MemberRemoved removed:
                _members.Remove(removed.Member.UniqueAddress);
                OnMembers();
                break;
            case ClusterEvent.IMemberEvent changed:
                _members[changed.Member.UniqueAddress] = changed.Member;
                OnMembers();
                break;
        }
    }

    private void OnMembers()
    {
        var self = _members.GetValueOrDefault(_cluster.SelfUniqueAddress);
        var others = _members
            .Values.Where(member => member != self && member.HasRole(SessionCluster.SessionRole))
            .ToArray();
        _others = [.. others.Select(member => member.Address)];
        proof.SetMembers(
            self is { Status: MemberStatus.Up or MemberStatus.Leaving },
            others.Select(member => (long)member.UniqueAddress.Uid)
        );
    }

    private void SendPings()
    {
        if (_others.Length == 0)
            return;
        var ping = new ProofPing(proof.Begin());
        foreach (var other in _others)
            Context.ActorSelection(new RootActorPath(other) / "user" / Name).Tell(ping);
    }

    private sealed record Ping
    {
        public static Ping It { get; } = new();
    }
}

/// <summary>Asks another session node for a sign of life.</summary>
/// <param name="Round">Which of the sender's rounds it is.</param>
internal sealed record ProofPing(long Round);

/// <summary>The sign of life.</summary>
/// <param name="Round">The round that was asked in.</param>
/// <param name="Node">The uid of the node that answers.</param>
internal sealed record ProofPong(long Round, long Node);
