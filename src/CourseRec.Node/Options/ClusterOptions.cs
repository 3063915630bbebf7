using CourseRec.Actors.Ports;

namespace CourseRec.Node.Options;

/// <summary>This node among others, which share its Kafka and its Cassandra. Section <c>Cluster</c>.</summary>
public sealed record ClusterOptions
{
    private const string Url = "http://HOST:PORT";

    /// <summary>Every role.</summary>
    public static readonly IReadOnlyList<NodeRole> AllRoles = Enum.GetValues<NodeRole>();

    /// <summary>
    /// The node's name in the cluster; null: the machine's, with something random after it. No two may run at once
    /// with the same.
    /// </summary>
    [Matching("^[A-Za-z0-9.-]{1,64}$", "1 to 64 letters, digits, dots, dashes")]
    public string? NodeId { get; init; }

    /// <summary>
    /// What this node does; null: every role. Without <c>session</c> or <c>gateway</c> it needs Kafka and Cassandra,
    /// and nodes that do.
    /// </summary>
    public IReadOnlyList<NodeRole>? Roles { get; init; }

    /// <summary>
    /// Where clients and other nodes reach this node, as <c>http://10.0.0.5:5080</c>; null: where it listens.
    /// </summary>
    [Address(Url)]
    public Uri? Advertise { get; init; }

    /// <summary>
    /// The addresses of nodes (and of a load balancer before them) that clients and requests may be sent to; empty:
    /// loopback addresses.
    /// </summary>
    [Address($"{Url}, several separated by commas")]
    public IReadOnlyList<Uri> AllowedUrls { get; init; } = [];

    /// <summary>How a client reaches its user's node.</summary>
    public ClusterRouting Routing { get; init; } = ClusterRouting.Redirect;

    /// <summary>
    /// How long a request waits for somebody to serve its user; then 503. By default twice the session time-out after
    /// which Kafka gives a dead node's partitions away.
    /// </summary>
    [Duration("0ms", "60s")]
    public TimeSpan WaitForOwner { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>
    /// New push connections a second that this node takes (beyond it they wait), and that it sends to others when
    /// partitions move.
    /// </summary>
    [Whole(1, 1_000_000)]
    public int ConnectionsPerSecond { get; init; } = 2_000;

    /// <summary>Whether the node has a role.</summary>
    public bool Has(NodeRole role) => (Roles ?? AllRoles).Contains(role);

    /// <summary>Whether a node's address is one that is allowed.</summary>
    public bool Allows(Uri url) => AllowedUrls.Count == 0 ? url.IsLoopback : AllowedUrls.Contains(url);
}

/// <summary>How a client reaches its user's node.</summary>
public enum ClusterRouting
{
    /// <summary>Push connections are sent to it; reads are forwarded.</summary>
    Redirect,

    /// <summary>
    /// Everything is forwarded, push connections too: for one load balancer before nodes that clients can't reach.
    /// </summary>
    Forward,
}
