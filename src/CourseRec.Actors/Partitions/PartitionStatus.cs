namespace CourseRec.Actors.Partitions;

/// <summary>A partition's state.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="State">What it is doing.</param>
/// <param name="End">One past the log's last record, as last seen.</param>
/// <param name="Applied">One past the last record folded.</param>
/// <param name="Stored">One past the last record stored (the checkpoint).</param>
/// <param name="Resident">Sessions in memory.</param>
/// <param name="Watched">Users being watched.</param>
/// <param name="Parked">Users whose records are put aside.</param>
/// <param name="Problem">Why it stopped, or what it waits for; null when it does neither.</param>
public sealed record PartitionStatus(
    int Partition,
    PartitionState State,
    long End,
    long Applied,
    long Stored,
    int Resident,
    int Watched,
    int Parked,
    string? Problem
)
{
    /// <summary>Records not folded yet.</summary>
    public long Lag => Math.Max(0, End - Applied);
}

/// <summary>What a partition is doing.</summary>
public enum PartitionState
{
    /// <summary>Folding what it had missed when it was assigned.</summary>
    CatchingUp,

    /// <summary>Live.</summary>
    Running,

    /// <summary>Waiting for the store or the log, which is away; it goes on by itself.</summary>
    Waiting,

    /// <summary>Stopped, because going on could lose or double events.</summary>
    Stopped,
}

/// <summary>A contender's prequential quality (test, then learn), in full ranking.</summary>
/// <param name="Name">The contender.</param>
/// <param name="Events">Judged events in the window.</param>
/// <param name="HitRate10">HR@10.</param>
/// <param name="Ndcg10">NDCG@10.</param>
/// <param name="ReciprocalRank">MRR.</param>
public sealed record ContenderQuality(string Name, int Events, double HitRate10, double Ndcg10, double ReciprocalRank);
