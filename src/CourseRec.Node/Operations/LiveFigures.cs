namespace CourseRec.Node.Operations;

/// <summary>The running system at a glance.</summary>
/// <param name="Time">Now.</param>
/// <param name="ModelVersion">The model snapshot that serves.</param>
/// <param name="Events">Events.</param>
/// <param name="Push">Pushes of the last 60 seconds.</param>
/// <param name="Sessions">Sessions.</param>
/// <param name="Watching">Users being watched.</param>
/// <param name="Lag">Every partition's offsets.</param>
/// <param name="Judge">Prequential quality.</param>
/// <param name="Training">Learning while serving.</param>
/// <param name="Kafka">Kafka; left out when the log is embedded.</param>
/// <param name="Simulation">Whether learners are simulated.</param>
/// <param name="RecentUsers">Up to 10 users active lately, the latest first.</param>
public sealed record LiveFigures(
    DateTimeOffset Time,
    string ModelVersion,
    LiveEvents Events,
    LivePush Push,
    LiveSessions Sessions,
    int Watching,
    IReadOnlyList<LivePartition> Lag,
    LiveJudge Judge,
    LiveTraining Training,
    LiveKafka? Kafka,
    bool Simulation,
    IReadOnlyList<string> RecentUsers
);

/// <summary>Events, over all partitions.</summary>
/// <param name="Accepted">Events in the log, ever.</param>
/// <param name="Applied">Of those, events applied to sessions.</param>
/// <param name="PerSecond">Events applied a second, over the last 5 seconds.</param>
public sealed record LiveEvents(long Accepted, long Applied, double PerSecond);

/// <summary>Pushes of the last 60 seconds that an event caused.</summary>
/// <param name="Count">How many.</param>
/// <param name="P50Ms">Median time from acceptance to push, milliseconds; left out when there were none.</param>
/// <param name="P99Ms">99th percentile of it.</param>
public sealed record LivePush(long Count, double? P50Ms, double? P99Ms);

/// <summary>Sessions.</summary>
/// <param name="Resident">Those in memory.</param>
public sealed record LiveSessions(int Resident);

/// <summary>A partition's offsets.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="End">One past the log's last record.</param>
/// <param name="Applied">One past the last one applied.</param>
/// <param name="Stored">One past the last one stored.</param>
/// <param name="Lag">Records not applied yet.</param>
/// <param name="State"><c>catchingUp</c>, <c>running</c>, <c>waiting</c> (for the store or the log) or
/// <c>stopped</c>.</param>
public sealed record LivePartition(
    int Partition,
    long End,
    long Applied,
    long Stored,
    long Lag,
    Actors.Partitions.PartitionState State
);

/// <summary>Prequential quality: each judged event is ranked before it is learnt from.</summary>
/// <param name="Window">Events over which it is taken, at most.</param>
/// <param name="Contenders">The models, the serving one first.</param>
/// <param name="Ever">The same over all judged events that are remembered.</param>
public sealed record LiveJudge(int Window, IReadOnlyList<LiveContender> Contenders, IReadOnlyList<LiveContender> Ever);

/// <summary>A model's quality in full ranking; figures are left out before the first judged event.</summary>
/// <param name="Name">The model.</param>
/// <param name="Events">Judged events.</param>
/// <param name="Hr10">HR@10.</param>
/// <param name="Ndcg10">NDCG@10.</param>
/// <param name="Mrr">Mean reciprocal rank.</param>
public sealed record LiveContender(string Name, int Events, double? Hr10, double? Ndcg10, double? Mrr);

/// <summary>Learning while serving; the counts are of this process.</summary>
/// <param name="State"><c>learning</c>, <c>waiting</c> (nothing taught yet), <c>unavailable</c> (no libtorch),
/// <c>stopped</c>, <c>off</c>, or <c>following</c> (serves the model of a node that trains).</param>
/// <param name="Problem">Why it does not learn, in one line; left out when nothing is wrong.</param>
/// <param name="Version">The newest model that learning published; left out before the first.</param>
/// <param name="Steps">Optimiser steps.</param>
/// <param name="Trained">Examples trained on.</param>
/// <param name="Dropped">Examples not trained on because too many waited.</param>
/// <param name="Coverage">The share of the examples that a served model had learned in time, 0 … 1.</param>
/// <param name="FreshnessP50Ms">Median time from an event's acceptance to serving weights that learned from it,
/// milliseconds; left out without any.</param>
/// <param name="FreshnessP99Ms">99th percentile of it.</param>
/// <param name="Published">Models swapped in.</param>
/// <param name="Rejected">Models that the guard refused.</param>
/// <param name="RolledBack">Returns to the last accepted model.</param>
/// <param name="LastRefusal">Why the last refused model was; left out when none was.</param>
/// <param name="Courses">Courses that the learning model knows.</param>
public sealed record LiveTraining(
    string State,
    string? Problem,
    string? Version,
    long Steps,
    long Trained,
    long Dropped,
    double Coverage,
    double? FreshnessP50Ms,
    double? FreshnessP99Ms,
    long Published,
    long Rejected,
    long RolledBack,
    string? LastRefusal,
    int Courses
);
