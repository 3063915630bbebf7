namespace CourseRec.Actors.Ports;

/// <summary>
/// Sessions, their interactions, and each partition's checkpoint and counters. Embedded (one SQLite file) or
/// Cassandra; both keep one contract suite. Every write carries the log version that made it and loses to a newer one,
/// so a writer that no longer owns its partition does no harm.
/// <para>Sessions, interactions and markers are found by user alone: a user has one partition in each generation,
/// versions carry the generation, and what an earlier one stored must be found when another has other
/// partitions.</para>
/// <para>Any call throws <see cref="PartitionStoppedException"/> when what is stored is damaged: trying again can't
/// help.</para>
/// </summary>
public interface ISessionStore : IAsyncDisposable
{
    /// <summary>What this store is pinned to; null when it is new.</summary>
    ValueTask<StoreManifest?> ReadManifestAsync(CancellationToken cancel);

    /// <summary>Pins the store, if it is still pinned to <paramref name="expected"/>. Answers whether it did.</summary>
    ValueTask<bool> PinAsync(StoreManifest? expected, StoreManifest manifest, CancellationToken cancel);

    /// <summary>
    /// Makes an owner the one of a partition, by a conditional write: whoever claimed it before finds a newer claim
    /// with <see cref="ReadClaimAsync"/>. Of two claims at once, the one of the higher epoch stands. When it throws,
    /// the claim may stand all the same; claiming again takes a higher epoch.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store can't be written now.</exception>
    ValueTask<PartitionClaim> ClaimAsync(int partition, string owner, CancellationToken cancel);

    /// <summary>
    /// The claim of a partition as it stands; null when nobody ever claimed it. Sees every claim whose
    /// <see cref="ClaimAsync"/> completed before.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The store can't be read now.</exception>
    ValueTask<PartitionClaim?> ReadClaimAsync(int partition, CancellationToken cancel);

    /// <summary>A partition's checkpoint and counters.</summary>
    ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel);

    /// <summary>
    /// The changes of a partition's counters that are newer than a version, by version: for who follows what another
    /// node counts. Those that a newer snapshot has replaced are not among them.
    /// </summary>
    ValueTask<IReadOnlyList<CounterChange>> LoadCountersAsync(
        int partition,
        LogVersion since,
        CancellationToken cancel
    );

    /// <summary>Sessions by user, in the order asked; null where the user is unknown.</summary>
    ValueTask<StoredSession?[]> LoadSessionsAsync(IReadOnlyList<string> users, CancellationToken cancel);

    /// <summary>
    /// Stores what a partition changed. Whatever happens meanwhile, these hold afterwards: a session and its
    /// interactions are stored together or not at all; counters are at least as new as any stored session; the
    /// checkpoint is at most as new as every stored session and parking. (A store without transactions writes
    /// counters, sessions, parkings, checkpoint, in this order.) Sessions, parkings and the checkpoint lose to newer
    /// ones; a change of the counters is kept beside newer ones (<see cref="CounterChange"/>).
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing can be stored now; the same flush may be tried
    /// again.</exception>
    ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel);

    /// <summary>Every session of all partitions, in no order.</summary>
    IAsyncEnumerable<StoredSession> ListSessionsAsync(CancellationToken cancel);

    /// <summary>The users that are parked, of all partitions, in no order.</summary>
    ValueTask<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel);

    /// <summary>A user's stored interactions, by version.</summary>
    IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(string user, CancellationToken cancel);

    /// <summary>Compares the store's settings with what production needs; one sentence a finding.</summary>
    ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel);
}

/// <summary>What a store is pinned to. A node whose log or rules differ refuses to start.</summary>
/// <param name="Generation">From 1; raised by opening a new generation.</param>
/// <param name="Log">The log of this generation.</param>
/// <param name="Rules">The fold rules, as <see cref="Sessions.FoldRules.ToJson"/> writes them.</param>
/// <param name="SessionFormat">The format that sessions are written in, from 1: one that every node can read.</param>
public sealed record StoreManifest(int Generation, LogIdentity Log, string Rules, int SessionFormat);

/// <summary>
/// Who owns a partition. A claim outlives its owner and every generation: only a newer one ends it. Two clusters on
/// one store, each of which takes itself for the owner of everything, find each other by it.
/// </summary>
/// <param name="Partition">The partition.</param>
/// <param name="Owner">Opaque to the store; unique to one start of the partition.</param>
/// <param name="Epoch">From 1, and higher with each claim of the partition: no two of its claims have the same.</param>
public sealed record PartitionClaim(int Partition, string Owner, long Epoch);

/// <summary>How far a partition is stored: every effect of every record up to and including this one.</summary>
/// <param name="Version">The last record.</param>
/// <param name="EventId">Its event id (or a checksum, where it has none), compared with the log at every
/// assignment.</param>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
public sealed record Checkpoint(LogVersion Version, string EventId, long AcceptedAt);

/// <summary>
/// A change of the shared counters. A store keeps it unless it has one of the same version, also when newer ones are
/// there: two writers may have left changes that interleave. Which of them count is the reader's to find: those that
/// lead back, by <paramref name="Since"/>, from the newest to a snapshot or to the beginning.
/// </summary>
/// <param name="Since">The version of the change that this one follows.</param>
/// <param name="Version">The last record counted.</param>
/// <param name="IsSnapshot">True: the counters as a whole; the store drops every change up to this version. False:
/// what was counted since the change before.</param>
/// <param name="Data">Opaque to the store.</param>
public sealed record CounterChange(LogVersion Since, LogVersion Version, bool IsSnapshot, ReadOnlyMemory<byte> Data);

/// <summary>A partition as stored.</summary>
/// <param name="Checkpoint">Null when nothing was stored yet.</param>
/// <param name="Counters">Every change that no snapshot has replaced, by version; the reader finds the chain.</param>
public sealed record StoredPartition(Checkpoint? Checkpoint, IReadOnlyList<CounterChange> Counters);

/// <summary>
/// The marker that an erased user leaves; it names nobody. A store never takes either of its parts back: the highest
/// seen stands.
/// </summary>
/// <param name="Version">The record that asked for it.</param>
/// <param name="Time">When it was asked for, Unix milliseconds. Interactions that happened before stay refused.</param>
public readonly record struct Erasure(LogVersion Version, long Time);

/// <summary>
/// A user whose records can't be folded: they are put aside, so that the partition flows on. Found by user alone. An
/// erasure of the same or a newer version ends it too.
/// </summary>
/// <param name="User">The user.</param>
/// <param name="Version">The first record that is put aside; of an end, the record that ended it.</param>
/// <param name="Time">When it was found, Unix milliseconds.</param>
/// <param name="Reason">What is wrong; null in a flush: the user is not parked any more.</param>
public sealed record Parking(string User, LogVersion Version, long Time, string? Reason);

/// <summary>A session as stored.</summary>
/// <param name="User">The user.</param>
/// <param name="Version">The last record folded into it (or the erasure, when the blob is empty).</param>
/// <param name="Blob">The whole session in one cell; empty when nothing came after the erasure.</param>
/// <param name="Erasure">The user's last erasure, if any.</param>
/// <param name="Damage">Why the row can't have been written by this program; null when nothing tells.</param>
public sealed record StoredSession(
    string User,
    LogVersion Version,
    ReadOnlyMemory<byte> Blob,
    Erasure? Erasure,
    string? Damage = null
);

/// <summary>A session to store, with the interactions folded since it was last stored.</summary>
/// <param name="User">The user.</param>
/// <param name="Version">The last record folded into it.</param>
/// <param name="Blob">The whole session; empty to delete it (after an erasure).</param>
/// <param name="Interactions">New rows, by version; those at or below an erasure are left out by the caller.</param>
/// <param name="Erasure">Set when the user was erased since: the marker to leave; stored interactions up to it are
/// deleted.</param>
public sealed record SessionWrite(
    string User,
    LogVersion Version,
    ReadOnlyMemory<byte> Blob,
    IReadOnlyList<StoredInteraction> Interactions,
    Erasure? Erasure
);

/// <summary>One interaction of a user, kept for export and training.</summary>
/// <param name="Version">Its place in the log.</param>
/// <param name="EventId">Its id.</param>
/// <param name="Course">The course's id.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Value">The value; NaN when there is none.</param>
/// <param name="Time">Event time, Unix milliseconds.</param>
public readonly record struct StoredInteraction(
    LogVersion Version,
    string EventId,
    string Course,
    Models.Interactions.InteractionType Type,
    double Value,
    long Time
);

/// <summary>Everything that a partition changed since the flush before.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Checkpoint">Where the partition is after this flush.</param>
/// <param name="Counters">What was counted, or null when nothing was.</param>
/// <param name="Sessions">The changed sessions, one write a user.</param>
public sealed record PartitionFlush(
    int Partition,
    Checkpoint Checkpoint,
    CounterChange? Counters,
    IReadOnlyList<SessionWrite> Sessions
)
{
    /// <summary>Who is parked, or not any more, since; one a user.</summary>
    public IReadOnlyList<Parking> Parkings { get; init; } = [];
}

/// <summary>The store can't be reached or written now; the message says why and what to do.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
