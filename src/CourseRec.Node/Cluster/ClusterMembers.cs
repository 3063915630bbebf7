using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;
using CourseRec.Actors.Hosting;

namespace CourseRec.Node.Cluster;

/// <summary>The members of the cluster, as this node sees them and as they describe themselves.</summary>
internal sealed class ClusterMembers(ActorSystem actors, ThisNode self)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<UniqueAddress, NodeDescription> _described = new();

    /// <summary>How many nodes there are that this one can't reach.</summary>
    public int Unreachable => Akka.Cluster.Cluster.Get(actors).State.Unreachable.Count;

    /// <summary>How many members have a role, this node among them.</summary>
    public int Count(string role) =>
        Akka.Cluster.Cluster.Get(actors).State.Members.Count(member => member.HasRole(role));

    /// <summary>
    /// This node first, then the others, by address. One that does not answer is described as it last was.
    /// </summary>
    public async Task<IReadOnlyList<NodeMember>> AskAsync(CancellationToken cancel)
    {
        var cluster = Akka.Cluster.Cluster.Get(actors);
        var state = cluster.State;
        var others = state.Members.Where(member => member.UniqueAddress != cluster.SelfUniqueAddress).ToArray();
        foreach (var gone in _described.Keys.Except(others.Select(member => member.UniqueAddress)))
            _described.TryRemove(gone, out _);
        var asked = await Task.WhenAll(
            others.Select(async member => new NodeMember(
                member.Address,
                member.Status,
                !state.Unreachable.Contains(member),
                await DescribeAsync(member, !state.Unreachable.Contains(member), cancel)
            ))
        );
        return [new(cluster.SelfAddress, cluster.SelfMember.Status, true, self.Describe()), .. asked];
    }

    private async Task<NodeDescription?> DescribeAsync(Member member, bool isReachable, CancellationToken cancel)
    {
        if (isReachable)
        {
            try
            {
                var node = actors.ActorSelection(new RootActorPath(member.Address) / "user" / NodeActor.Name);
                var described = await node.Ask<NodeDescription>(DescribeNode.It, Patience, cancel);
                return _described[member.UniqueAddress] = described;
            }
            catch (AskTimeoutException)
            {
                // As it was, below.
            }
        }
        return _described.GetValueOrDefault(member.UniqueAddress);
    }
}

/// <summary>A member of the cluster.</summary>
/// <param name="Address">Its address for other nodes.</param>
/// <param name="Status">Its status, as the cluster's nodes agree on it.</param>
/// <param name="IsReachable">Whether this node, and those that it hears of, can reach it.</param>
/// <param name="Description">What it last said of itself; null when it has not.</param>
internal sealed record NodeMember(Address Address, MemberStatus Status, bool IsReachable, NodeDescription? Description);
