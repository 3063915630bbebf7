using CourseRec.Actors.Hosting;
using CourseRec.Actors.Ports;

namespace CourseRec.Node.Options;

/// <summary>This node among others, which share its Kafka and its Cassandra. Section <c>Cluster</c>.</summary>
public sealed record ClusterOptions
{
    private const string HostPort = "^[A-Za-z0-9.-]+:[0-9]{1,5}$";
    private static readonly ClusterTimings Timings = new();
    private readonly string _name = $"{Environment.MachineName}-{Guid.NewGuid().ToString("n")[..8]}";

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
    /// Nodes to ask at the start, <c>host:port</c>; the first of them may begin the cluster. Empty: this node is a
    /// cluster of one, which no other can join.
    /// </summary>
    [Matching(HostPort, "host:port, several separated by commas")]
    public IReadOnlyList<string> Seeds { get; init; } = [];

    /// <summary>Where this node listens for the others, and is reached by them; port 0 lets the system choose.</summary>
    [Matching(HostPort, "host:port")]
    public string Address { get; init; } = "127.0.0.1:0";

    /// <summary>
    /// Where it listens instead, when something between passes on what comes to <see cref="Address"/>, as a published
    /// port of a container; null: there.
    /// </summary>
    [Matching(HostPort, "host:port")]
    public string? Bind { get; init; }

    /// <summary>
    /// The network between the nodes, and before them, is closed to others, as by a network policy: then HTTP and the
    /// nodes' own traffic may be on other addresses than loopback.
    /// </summary>
    public bool TrustNetwork { get; init; }

    /// <summary>A node that was silent for so long is unreachable to the others.</summary>
    [Duration("500ms", "60s")]
    public TimeSpan HeartbeatPause { get; init; } = Timings.HeartbeatPause;

    /// <summary>
    /// When nothing has changed for so long, unreachable nodes are taken out of the cluster, and their partitions
    /// begin elsewhere so long after. An answer needs a proof that is younger.
    /// </summary>
    [Duration("500ms", "60s")]
    public TimeSpan StableAfter { get; init; } = Timings.StableAfter;

    /// <summary>Which side of a cluster that falls apart goes on.</summary>
    public SplitBrainStrategy SplitBrain { get; init; } = SplitBrainStrategy.Majority;

    /// <summary>
    /// Where clients reach this node over HTTP, and the others fetch its model, as <c>http://10.0.0.5:5080</c>; null:
    /// where it listens.
    /// </summary>
    [Address("http://HOST:PORT")]
    public Uri? Advertise { get; init; }

    /// <summary>How long a request waits for somebody to serve its user; then 503.</summary>
    [Duration("0ms", "60s")]
    public TimeSpan WaitForOwner { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>New push connections a second that this node takes; beyond it they wait.</summary>
    [Whole(1, 1_000_000)]
    public int ConnectionsPerSecond { get; init; } = 2_000;

    /// <summary>The node's name, whether it was given or not.</summary>
    public string Name => NodeId ?? _name;

    /// <summary>Whether the node has a role.</summary>
    public bool Has(NodeRole role) => (Roles ?? AllRoles).Contains(role);
}

/// <summary>Which side of a cluster that falls apart goes on.</summary>
public enum SplitBrainStrategy
{
    /// <summary>The one with most of the session nodes; three or more of them are needed for that.</summary>
    Majority,

    /// <summary>The one that gets the lease in Cassandra; for two session nodes.</summary>
    Lease,
}
