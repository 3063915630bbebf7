using CourseRec.Actors.Ports;

namespace CourseRec.Node.Options;

/// <summary>
/// Everything that a node can be told. Read from <c>appsettings.json</c> (section <c>CourseRec</c>), the environment
/// (<c>CourseRec__Section__Name</c>) and flags, the later winning; checked whole before anything starts.
/// </summary>
public sealed record NodeOptions
{
    /// <summary>
    /// Where to listen, separated by <c>;</c>. Without authentication only loopback addresses are accepted; port 0
    /// lets the system choose.
    /// </summary>
    public string Urls { get; init; } = "http://127.0.0.1:5080";

    /// <summary>The folder of the embedded log and store; made when missing, used by one node at a time.</summary>
    public string DataDir { get; init; } = "./data";

    /// <summary>The embedded interaction log.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>Cassandra, when it is the session store.</summary>
    public CassandraOptions Cassandra { get; init; } = new();

    /// <summary>Kafka, when it is the log.</summary>
    public KafkaOptions Kafka { get; init; } = new();

    /// <summary>This node among others.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>Requests and overload.</summary>
    public IntakeOptions Intake { get; init; } = new();

    /// <summary>Sessions and the shards that hold them.</summary>
    public SessionOptions Sessions { get; init; } = new();

    /// <summary>The recommender and its judge.</summary>
    public RecommendOptions Recommend { get; init; } = new();

    /// <summary>Learning while it serves.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Simulated learners.</summary>
    public SimulationOptions Simulation { get; init; } = new();

    /// <summary>The node's own log lines.</summary>
    public LoggingOptions Logging { get; init; } = new();

    /// <summary>Where metrics, traces and log lines go.</summary>
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>Whether other nodes may share the log and the store: they are Kafka and Cassandra.</summary>
    public bool IsClustered => Kafka.BootstrapServers is not null && Cassandra.ContactPoints is not null;

    /// <summary>Whether the node folds sessions only to learn from them: others serve them.</summary>
    public bool OnlyTrains => Training.Enabled && !Cluster.Has(NodeRole.Session);

    /// <summary>Whether the node serves the model that another one trains.</summary>
    public bool FollowsModel => IsClustered && Cluster.Has(NodeRole.Session) && !Cluster.Has(NodeRole.Trainer);
}

/// <summary>The embedded interaction log.</summary>
public sealed record LogOptions
{
    /// <summary>Partitions of a new log, 1–1,024; a log keeps the count it was made with.</summary>
    [Whole(1, 1024)]
    public int Partitions { get; init; } = 4;

    /// <summary>How long a stored record is kept, at least.</summary>
    [Duration("60s", "3650d")]
    public TimeSpan RetainFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of records kept; beyond it the oldest stored ones go early.</summary>
    [Size(1 << 20)]
    public long RetainBytes { get; init; } = 4L << 30;
}

/// <summary>Requests and overload.</summary>
public sealed record IntakeOptions
{
    /// <summary>The largest request body, in bytes; beyond it 413.</summary>
    [Size(16 << 10)]
    public long MaxBodyBytes { get; init; } = 20L << 20;

    /// <summary>When a partition has this many records still to fold, events are answered 429.</summary>
    [Whole(1, long.MaxValue)]
    public long MaxLag { get; init; } = 500_000;

    /// <summary>What <c>Retry-After</c> says with 429 and 503, in whole seconds.</summary>
    [Duration("1s", "3600s")]
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>Learning while it serves. The trainer keeps its checkpoints in the data folder, in <c>model</c>.</summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// Whether the model learns from the events. If not, the last checkpoint's or the given one serves as it is,
    /// beside the counters.
    /// </summary>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// A file that <c>courserec train</c> wrote, to begin with; null: from nothing. Read only while the data folder
    /// has no checkpoint.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>
    /// Where the gradients are computed: <c>auto</c> (CUDA when there is one), <c>cpu</c> or <c>cuda:N</c>.
    /// </summary>
    [Matching("^(auto|cpu|cuda(:[0-9]{1,3})?)$", "auto, cpu or cuda:N")]
    public string Device { get; init; } = "auto";

    /// <summary>The share of one core that training may use, above 0 and up to 1.</summary>
    [Number(0.01, 1)]
    public double Share { get; init; } = 0.5;

    /// <summary>New weights are judged and swapped in this often.</summary>
    [Duration("100ms", "3600s")]
    public TimeSpan PublishEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What was learned is stored this often; a crash forgets at most that much.</summary>
    [Duration("1s", "3600s")]
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The model that serves becomes the frozen one, to compare with, this often; zero: never.</summary>
    [Duration("0ms", "3650d")]
    public TimeSpan FreezeEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The share of users, by hash, that never train: the guard judges new weights on them.</summary>
    [Number(0, 0.5)]
    public double HeldOut { get; init; } = 0.02;
}

/// <summary>Simulated learners, for a look at a running system without partners.</summary>
public sealed record SimulationOptions
{
    /// <summary>Whether learners are simulated.</summary>
    public bool Enabled { get; init; }

    /// <summary>The seed of catalogue and learners.</summary>
    [Whole(0, int.MaxValue)]
    public int Seed { get; init; } = 1;

    /// <summary>Events a second.</summary>
    [Number(0.1, 100_000)]
    public double Rate { get; init; } = 50;

    /// <summary>Learners.</summary>
    [Whole(1, 10_000_000)]
    public int Learners { get; init; } = 2_000;

    /// <summary>Courses of the generated catalogue.</summary>
    [Courses]
    public int Courses { get; init; } = 500;
}

/// <summary>The node's own log lines, on standard output.</summary>
public sealed record LoggingOptions
{
    /// <summary>One JSON object a line, rather than one line of text.</summary>
    public bool Json { get; init; }

    /// <summary>The least level that is written.</summary>
    public LogLevel Level { get; init; } = LogLevel.Information;
}

/// <summary>An option can't be used: one line with its name, its value and what is allowed.</summary>
public sealed class OptionsException(string message) : Exception(message);
