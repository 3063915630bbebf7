namespace CourseRec.Benchmarks.Cassandra;

/// <summary>What <c>bench cassandra</c> does, the same for both drivers.</summary>
internal sealed record CassandraBenchPlan
{
    public const string Keyspace = "courserec_bench";
    public const string Write = "INSERT INTO courserec_bench.sessions (user, data) VALUES (?, ?) USING TIMESTAMP ?";
    public const string Read = "SELECT data FROM courserec_bench.sessions WHERE user = ?";

    /// <summary>A node of the cluster, <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Requests under way at a time.</summary>
    public int Callers { get; init; } = 256;

    /// <summary>Length of each measurement, in seconds.</summary>
    public int Seconds { get; init; } = 8;

    /// <summary>Measurements of each; medians are reported.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Keys, written in random order.</summary>
    public int Users { get; init; } = 20_000;

    /// <summary>Bytes a session.</summary>
    public int Bytes { get; init; } = 750;

    /// <summary>Connections of each driver.</summary>
    public int Connections { get; init; } = Environment.ProcessorCount;

    /// <summary>The Node.js that runs the other driver.</summary>
    public string Node { get; init; } = "node";

    /// <summary>Where the npm package <c>cassandra-driver</c> is.</summary>
    public string Modules { get; init; } = "tools/cassandra/node_modules";
}

/// <summary>What is asked of the server.</summary>
internal enum CassandraLoad
{
    Write,
    Read,
}

/// <summary>One measurement.</summary>
/// <param name="Operations">Requests answered.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="ClientCpuSeconds">Processor time of the driver's process, load generator included.</param>
/// <param name="P50Ms">Median latency, in milliseconds.</param>
/// <param name="P99Ms">Its 99th percentile.</param>
/// <param name="ServerCpuSeconds">Processor time of the server; NaN when it is on another machine.</param>
internal sealed record CassandraRun(
    long Operations,
    double Seconds,
    double ClientCpuSeconds,
    double P50Ms,
    double P99Ms,
    double ServerCpuSeconds = double.NaN
)
{
    public double PerSecond => Operations / Seconds;

    public double ClientCores => ClientCpuSeconds / Seconds;

    public double ServerCores => ServerCpuSeconds / Seconds;
}
