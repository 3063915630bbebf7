using System.Collections.Concurrent;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Sessions;

/// <summary>What the users' actors of a partition share.</summary>
/// <param name="shared">What every partition of the process shares.</param>
/// <param name="partition">The partition.</param>
/// <param name="generation">The log's generation.</param>
/// <param name="format">The format that sessions are stored in.</param>
/// <param name="countedUpTo">Discoveries of records up to this one are counted, judged and taught already.</param>
internal sealed class UserServices(
    PartitionServices shared,
    int partition,
    int generation,
    int format,
    LogVersion countedUpTo
)
{
    private const int MaxReason = 500;
    private readonly ConcurrentBag<UserFold> _folds = [];

    /// <summary>What every partition of the process shares.</summary>
    public PartitionServices Shared => shared;

    /// <summary>The partition.</summary>
    public int Partition => partition;

    /// <summary>The log's generation.</summary>
    public int Generation => generation;

    /// <summary>The format that sessions are stored in.</summary>
    public int Format => format;

    /// <summary>Discoveries of records up to this one are counted, judged and taught already.</summary>
    public LogVersion CountedUpTo => countedUpTo;

    /// <summary>
    /// Not before every node of the cluster knows parked users: one that does not would fold their later records over
    /// the hole.
    /// </summary>
    public bool MayPark => format >= SessionFormats.FirstWithParking;

    /// <summary>Whether answers and lists may leave the process now.</summary>
    public bool MayServe => shared.Proof.IsProven;

    /// <summary>The scorer that makes the lists now.</summary>
    public RecommenderSnapshot Snapshot => shared.Recommender.Current;

    /// <summary>The offset of a version; −1 before the first of this generation.</summary>
    public long OffsetOf(LogVersion version) => version.Generation == generation ? version.Offset : -1;

    /// <summary>A user's parking that begins now.</summary>
    public Parking Parking(string user, LogVersion from, string reason) =>
        new(
            user,
            from,
            shared.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            reason.Length > MaxReason ? reason[..MaxReason] : reason
        );

    /// <summary>Scratch space for as long as one message is handled.</summary>
    public UserFold Rent() => _folds.TryTake(out var fold) ? fold : new UserFold(this);

    /// <summary>Gives it back.</summary>
    public void Return(UserFold fold) => _folds.Add(fold);
}
