using System.Buffers;
using Akka.Actor;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A user's place in a partition: what is known of the user up to the last batch that is folded whole, with the session
/// packed. An active user has an actor besides, which may be ahead. At rest there is nothing else: there are many.
/// </summary>
public sealed class SessionCell(string user)
{
    private const long UsedBit = long.MinValue;
    private long _versionAndUse;
    private object? _packedOrActive; // the packed session of a user at rest, or else what there is besides

    /// <summary>The user's id.</summary>
    public string User { get; } = user;

    /// <summary>The last record folded.</summary>
    public LogVersion Version
    {
        get => new(_versionAndUse & ~UsedBit);
        set => _versionAndUse = (_versionAndUse & UsedBit) | value.Value;
    }

    /// <summary>The packed session; null until it was looked up in the store.</summary>
    public byte[]? Packed
    {
        get => _packedOrActive is Activity active ? active.Packed : (byte[]?)_packedOrActive;
        set
        {
            if (_packedOrActive is Activity active)
                active.Packed = value;
            else
                _packedOrActive = value;
        }
    }

    /// <summary>Used since the eviction hand last came by.</summary>
    public bool WasUsed
    {
        get => (_versionAndUse & UsedBit) != 0;
        set => _versionAndUse = value ? _versionAndUse | UsedBit : _versionAndUse & ~UsedBit;
    }

    /// <summary>
    /// Only a session whose every version is acknowledged, and that nobody watches, may leave memory.
    /// </summary>
    public bool CanLeave =>
        CanRest && Activity is not ({ Changes: not null } or { IsStoring: true }) && Packed is not null;

    /// <summary>Only a user whose actor is not ahead, and whom nobody watches, may lose it.</summary>
    internal bool CanRest => Activity is null or { IsWatched: false, Outstanding: 0, Owed: Lists.None };

    /// <summary>What there is of a user who is not at rest; made when it is asked for.</summary>
    internal Activity Active => _packedOrActive as Activity ?? Activate();

    /// <summary>The actor of an active user; null of one at rest.</summary>
    internal IActorRef? Actor => Activity?.Actor;

    /// <summary>Why the user's records are put aside; null when they are folded.</summary>
    internal Parking? Parking => Activity?.Parking;

    /// <summary>What is stored can't be read: what is packed here stands for nothing.</summary>
    internal bool IsDamaged => Activity is { IsDamaged: true };

    /// <summary>Somebody waits for the user's lists.</summary>
    internal bool IsWatched => Activity is { IsWatched: true };

    /// <summary>The user as the actor is to be.</summary>
    internal UserState State => new(User, Version, Packed!, Parking, IsDamaged);

    /// <summary>Fills a session with what is packed here.</summary>
    public void Unpack(FoldRules rules, UserSession session) => SessionPacking.Unpack(Packed, Version, rules, session);

    /// <summary>Packs a session.</summary>
    public void Pack(UserSession session, ArrayBufferWriter<byte> scratch)
    {
        SessionPacking.Pack(session, scratch);
        Packed = scratch.WrittenSpan.ToArray();
        Version = session.Version;
    }

    /// <summary>Takes over how the user is after a batch.</summary>
    internal void Take(UserState state)
    {
        (Version, Packed) = (state.Version, state.Packed);
        Park(state.Parking, state.IsDamaged);
    }

    /// <summary>The user's records are put aside, or (null) folded.</summary>
    internal void Park(Parking? parking, bool isDamaged)
    {
        if (Activity is not null || parking is not null || isDamaged)
            (Active.Parking, Active.IsDamaged) = (parking, isDamaged);
    }

    /// <summary>Comes to rest, unless there is something that a user at rest does not have.</summary>
    internal void Rest()
    {
        if (CanLeave && Activity is { Actor: null, Parking: null, IsDamaged: false } active)
            _packedOrActive = active.Packed;
    }

    private Activity? Activity => _packedOrActive as Activity;

    private Activity Activate()
    {
        var active = new Activity { Packed = (byte[]?)_packedOrActive };
        _packedOrActive = active;
        return active;
    }
}

/// <summary>What there is of a user who is not at rest.</summary>
internal sealed class Activity
{
    /// <summary>The packed session; null until it was looked up in the store.</summary>
    public byte[]? Packed { get; set; }

    /// <summary>The user's actor.</summary>
    public IActorRef? Actor { get; set; }

    /// <summary>Where the user is in <see cref="ActiveUsers"/>.</summary>
    public int Place { get; set; }

    /// <summary>Batches that the actor folds, or that are not committed yet.</summary>
    public int Outstanding { get; set; }

    /// <summary>The user's part of the batch that was read last.</summary>
    public UserBatch? Reading { get; set; }

    /// <summary>What changed since the session was last handed to the store; null when nothing did.</summary>
    public CellChanges? Changes { get; set; }

    /// <summary>The store has not acknowledged the last write yet.</summary>
    public bool IsStoring { get; set; }

    /// <summary>Somebody waits for the user's lists.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Lists that could not be made yet.</summary>
    public Lists Owed { get; set; }

    /// <summary>Why the user's records are put aside; null when they are folded.</summary>
    public Parking? Parking { get; set; }

    /// <summary>What is stored can't be read: what is packed stands for nothing.</summary>
    public bool IsDamaged { get; set; }
}

/// <summary>What a session has to tell the store.</summary>
internal sealed class CellChanges
{
    /// <summary>Interactions folded since; null: none.</summary>
    public List<StoredInteraction>? Interactions { get; private set; }

    /// <summary>The last erasure since; null when there was none.</summary>
    public Erasure? Erasure { get; private set; }

    /// <summary>Adds what folding records came to.</summary>
    public void Add(Applied change)
    {
        if (change.Erasure is { } erasure)
            (Erasure, Interactions) = (erasure, null);
        if (Interactions is null)
            Interactions = change.Interactions;
        else
            Interactions.AddRange(change.Interactions ?? []);
    }
}
