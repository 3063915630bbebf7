using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Shards;

/// <summary>
/// A user's place in a shard: the actor at rest. The session is packed; it is unpacked into the shard's scratch session
/// for as long as a record is folded.
/// </summary>
internal sealed class SessionCell(string user)
{
    public string User { get; } = user;

    /// <summary>The last record folded.</summary>
    public LogVersion Version { get; set; }

    /// <summary>The packed session; null until it was looked up in the store.</summary>
    public byte[]? Packed { get; set; }

    /// <summary>What changed since the session was last handed to the store; null when nothing did.</summary>
    public CellChanges? Changes { get; set; }

    /// <summary>The store has not acknowledged the last write yet.</summary>
    public bool IsStoring { get; set; }

    public bool IsWatched { get; set; }

    /// <summary>Used since the eviction hand last came by.</summary>
    public bool WasUsed { get; set; }

    /// <summary>Only a session whose every version is acknowledged, and that nobody watches, may leave memory.</summary>
    public bool CanLeave => Changes is null && !IsStoring && !IsWatched && Packed is not null;
}

/// <summary>What a session has to tell the store.</summary>
internal sealed class CellChanges
{
    public List<StoredInteraction> Interactions { get; } = new(1);

    public Erasure? Erasure { get; set; }
}
