using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Serialization;

/// <summary>Everything that crosses nodes; what is not here stays in its process.</summary>
internal static class WireForms
{
    /// <summary>
    /// The forms that this program reads: those of the wire version that it is the first to know, and of the one
    /// before. A message that changes gets a second line here with the next wire version, and loses the first one when
    /// no node writes that any more.
    /// </summary>
    public static IReadOnlyList<WireForm> All { get; } =
    [
        WireForm.Of<Wake, WireWake>("wake", 1),
        WireForm.Of<GetSession, WireGetSession>("get-session", 1),
        WireForm.Of<Recommend, WireRecommend>("recommend", 1),
        WireForm.Of<StartWatch, WireStartWatch>("start-watch", 1),
        WireForm.Of<EndWatch, WireEndWatch>("end-watch", 1),
        WireForm.Of<SessionView, WireSessionView>("session-view", 1),
        WireForm.Of<RecommendationList, WireList>("recommendation-list", 1),
        WireForm.Of<Watching, WireWatching>("watching", 1),
        WireForm.Of<NewList, WireNewList>("new-list", 1),
        WireForm.Of<Refusal, WireRefusal>("refusal", 1),
        WireForm.Of<PartitionStarted, WirePartitionStarted>("partition-started", 1),
        WireForm.Of<NodeCounted, WireNodeCounted>("node-counted", 1),
        WireForm.Of<ProofPing, WireProofPing>("proof-ping", 1),
        WireForm.Of<ProofPong, WireProofPong>("proof-pong", 1),
        WireForm.Of<DescribeNode, WireDescribeNode>("describe-node", 1),
        WireForm.Of<NodeDescription, WireNodeDescription>("node-description", 1),
    ];
}
