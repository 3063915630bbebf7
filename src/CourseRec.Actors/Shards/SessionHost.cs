using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Catalogue;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Shards;

/// <summary>
/// The sessions of the partitions that this process owns: one session shard each, the recommender over their
/// counters, and the way in for reads and watches.
/// </summary>
public sealed class SessionHost : IAsyncDisposable
{
    /// <summary>A host that is not started.</summary>
    public SessionHost(
        SessionHostOptions options,
        IInteractionLog log,
        ISessionStore store,
        CourseIndex courses,
        CourseCatalogue catalogue,
        TimeProvider time,
        ILoggerFactory logging
    ) => throw new NotImplementedException();

    /// <summary>Every shard's state, by partition.</summary>
    public IReadOnlyList<ShardStatus> Shards => throw new NotImplementedException();

    /// <summary>Prequential quality of every contender over the last judged events, the serving one first.</summary>
    public IReadOnlyList<ContenderQuality> Quality => throw new NotImplementedException();

    /// <summary>Names the model snapshot that serves now.</summary>
    public string ModelVersion => throw new NotImplementedException();

    /// <summary>Completes when the host stops by itself, with the reason as its exception.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>
    /// Checks what the store is pinned to (and pins a new one), then consumes the log until stopped.
    /// </summary>
    /// <exception cref="StoreMismatchException">The store belongs to another log, partition count or rule set.</exception>
    public Task StartAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Drains what was read, stores it, writes the checkpoints.</summary>
    public Task StopAsync(CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>A user's session; one with nothing applied when the user is unknown.</summary>
    /// <exception cref="NotOwnedException">The user's partition is not served here now.</exception>
    public Task<SessionView> GetSessionAsync(string user, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>A user's recommendations now.</summary>
    /// <exception cref="NotOwnedException">The user's partition is not served here now.</exception>
    public Task<RecommendationList> GetRecommendationsAsync(string user, int count, CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>
    /// Posts the user's list now, and again whenever it may have changed, until the answer is disposed of.
    /// </summary>
    /// <exception cref="NotOwnedException">The user's partition is not served here now.</exception>
    public Task<IAsyncDisposable> WatchAsync(
        string user,
        int count,
        IRecommendationSink sink,
        CancellationToken cancel
    ) => throw new NotImplementedException();

    /// <summary>The most popular available courses now.</summary>
    public IReadOnlyList<Recommendation> Popular(int count) => throw new NotImplementedException();

    /// <summary>The courses most often taken after one.</summary>
    public IReadOnlyList<Recommendation> Similar(string course, int count) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}

/// <summary>Bounds of the session host.</summary>
public sealed record SessionHostOptions
{
    /// <summary>How sessions fold; pinned in the store.</summary>
    public Sessions.FoldRules Rules { get; init; } = new();

    /// <summary>How the shared counters count.</summary>
    public Models.Baselines.BaselineOptions Baselines { get; init; } = new();

    /// <summary>Sessions kept in memory, over all partitions; idle ones beyond it are passivated, least recently used first.</summary>
    public int MaxResidentSessions { get; init; } = 1_000_000;

    /// <summary>Records that may wait at a shard before its partition is paused.</summary>
    public int MailboxRecords { get; init; } = 16_384;

    /// <summary>Changes are stored at least this often.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Changed sessions that may wait to be stored before the partition is paused.</summary>
    public int MaxUnstoredSessions { get; init; } = 20_000;

    /// <summary>Records accepted this long before the checkpoint are read again after an assignment (and skipped where known).</summary>
    public TimeSpan Rewind { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The share of first-time positive events that the judge ranks, 0 … 1.</summary>
    public double JudgedShare { get; init; } = 0.1;

    /// <summary>The judged events over which the windowed quality is taken.</summary>
    public int JudgeWindow { get; init; } = 5_000;

    /// <summary>A new recommender snapshot is published at most this often.</summary>
    public TimeSpan PublishInterval { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>A shard's state.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="State">What it is doing.</param>
/// <param name="End">One past the log's last record, as last seen.</param>
/// <param name="Applied">One past the last record folded.</param>
/// <param name="Stored">One past the last record stored (the checkpoint).</param>
/// <param name="Resident">Sessions in memory.</param>
/// <param name="Watched">Users being watched.</param>
/// <param name="Problem">Why it stopped, when it did.</param>
public sealed record ShardStatus(
    int Partition,
    ShardState State,
    long End,
    long Applied,
    long Stored,
    int Resident,
    int Watched,
    string? Problem
)
{
    /// <summary>Records not folded yet.</summary>
    public long Lag => Math.Max(0, End - Applied);
}

/// <summary>What a shard is doing.</summary>
public enum ShardState
{
    /// <summary>Folding what it had missed when it was assigned.</summary>
    CatchingUp,

    /// <summary>Live.</summary>
    Running,

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

/// <summary>The user's partition is not served by this process now.</summary>
public sealed class NotOwnedException(string message) : Exception(message);

/// <summary>The store is pinned to something else; the message says what differs and what to do.</summary>
public sealed class StoreMismatchException(string message) : Exception(message);
