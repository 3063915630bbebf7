using System.Buffers;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Models;

namespace CourseRec.Actors.Shards;

/// <summary>
/// A user's place in a shard: the actor at rest. The session is packed; it is unpacked into the shard's scratch session
/// for as long as a record is folded.
/// </summary>
public sealed class SessionCell(string user)
{
    /// <summary>The user's id.</summary>
    public string User { get; } = user;

    /// <summary>The last record folded.</summary>
    public LogVersion Version { get; set; }

    /// <summary>The packed session; null until it was looked up in the store.</summary>
    public byte[]? Packed { get; set; }

    /// <summary>Why the user's records are put aside; null when they are folded.</summary>
    public Parking? Parking { get; set; }

    /// <summary>What is stored can't be read: what is packed here stands for nothing.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>What changed since the session was last handed to the store; null when nothing did.</summary>
    public CellChanges? Changes { get; set; }

    /// <summary>The store has not acknowledged the last write yet.</summary>
    public bool IsStoring { get; set; }

    /// <summary>Somebody waits for the user's lists.</summary>
    public bool IsWatched { get; set; }

    /// <summary>Used since the eviction hand last came by.</summary>
    public bool WasUsed { get; set; }

    /// <summary>
    /// Only a session whose every version is acknowledged, and that nobody watches, may leave memory.
    /// </summary>
    public bool CanLeave => Changes is null && !IsStoring && !IsWatched && Packed is not null;

    /// <summary>Fills a session with what is packed here.</summary>
    public void Unpack(FoldRules rules, UserSession session)
    {
        session.Clear();
        session.Version = Version;
        var input = new PackedReader(Packed);
        SessionPacking.Read(ref input, default(ProcessCourseNumbers), rules, session);
    }

    /// <summary>Packs a session.</summary>
    public void Pack(UserSession session, ArrayBufferWriter<byte> scratch)
    {
        scratch.ResetWrittenCount();
        SessionPacking.Write(session, default(ProcessCourseNumbers), scratch);
        Packed = scratch.WrittenSpan.ToArray();
        Version = session.Version;
    }
}

/// <summary>What a session has to tell the store.</summary>
public sealed class CellChanges
{
    /// <summary>Interactions folded since.</summary>
    public List<StoredInteraction> Interactions { get; } = new(1);

    /// <summary>The last erasure since; null when there was none.</summary>
    public Erasure? Erasure { get; set; }
}
