using CourseRec.Actors.Sessions;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Partitions;

/// <summary>Bounds of the session host.</summary>
public sealed record SessionHostOptions
{
    /// <summary>Where the partitions run.</summary>
    public Placement Placement { get; init; } = Placement.Local;

    /// <summary>This process, as it claims partitions.</summary>
    public string Node { get; init; } = Environment.MachineName;

    /// <summary>How long a question waits for somebody to serve its user's partition.</summary>
    public TimeSpan WaitForOwner { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>Questions that this process may have open at one partition; beyond it they are refused.</summary>
    public int MaxQuestions { get; init; } = 256;

    /// <summary>How sessions fold; pinned in the store.</summary>
    public FoldRules Rules { get; init; } = new();

    /// <summary>How the shared counters count.</summary>
    public BaselineOptions Baselines { get; init; } = new();

    /// <summary>
    /// Sessions kept in memory, over all partitions; idle ones beyond it are passivated, least recently used first.
    /// </summary>
    public int MaxResidentSessions { get; init; } = 1_000_000;

    /// <summary>Records that a partition may be folding before it is paused.</summary>
    public int MailboxRecords { get; init; } = 2_048;

    /// <summary>
    /// Users of a partition that have an actor; beyond it, those not used lately come to rest. Watched ones never do.
    /// </summary>
    public int MaxActiveUsers { get; init; } = 5_000;

    /// <summary>Changes are stored at least this often.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Records whose effects may wait to be stored before the partition is paused.</summary>
    public int MaxUnstoredRecords { get; init; } = 40_000;

    /// <summary>
    /// Records accepted this long before the checkpoint are read again after an assignment (and skipped where known).
    /// </summary>
    public TimeSpan Rewind { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of first-time positive events that the judge ranks, 0 … 1.</summary>
    public double JudgedShare { get; init; } = 0.1;

    /// <summary>The judged events over which the windowed quality is taken.</summary>
    public int JudgeWindow { get; init; } = 5_000;

    /// <summary>A new recommender snapshot is published at most this often.</summary>
    public TimeSpan PublishInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Nodes tell each other this often what their partitions have counted.
    /// </summary>
    public TimeSpan CountersInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Watched users' lists are made anew for a new snapshot at most this often (their own events push at once).
    /// </summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(5);
}
