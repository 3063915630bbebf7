using System.Runtime.InteropServices;
using Akka.Actor;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Sessions;

/// <summary>Become the actor of a user; of another one before, nothing is left.</summary>
internal sealed record Hydrate(UserState State);

/// <summary>
/// A user's records of one batch, to fold in order. Answered with <see cref="Applied"/>; the lists of those who watch
/// follow.
/// </summary>
/// <param name="Batch">The records.</param>
/// <param name="MayShow">Whether lists may be made; not while the partition catches up, when only the last of a user's
/// lists is worth making.</param>
internal sealed record Apply(UserBatch Batch, bool MayShow);

/// <summary>A question about the user; the asker is told the answer.</summary>
/// <param name="Question">The question.</param>
/// <param name="Asker">Who is to have the answer. Not the message's sender: Akka's cell keeps the last one, and an
/// asker that is a future keeps its answer, until the actor's next message.</param>
internal sealed record Asked(Question Question, IActorRef Asker);

/// <summary>Make lists that were owed.</summary>
internal sealed record MakeLists(Lists Owed);

/// <summary>
/// Make the lists of those who watch anew, for another model or catalogue, and post those that differ. Answered with
/// <see cref="Refreshed"/>.
/// </summary>
internal sealed record Refresh
{
    public static Refresh It { get; } = new();
}

/// <summary>The lists are up to date.</summary>
internal sealed record Refreshed
{
    public static Refreshed It { get; } = new();
}

/// <summary>Whose lists.</summary>
[Flags]
internal enum Lists
{
    /// <summary>Nobody's.</summary>
    None = 0,

    /// <summary>Of those who watch the user.</summary>
    Watched = 1,

    /// <summary>The one that is put out of every user whose session changed.</summary>
    Output = 2,
}

/// <summary>A user between two records.</summary>
/// <param name="User">The user.</param>
/// <param name="Version">The last record folded.</param>
/// <param name="Packed">The session, packed. Never changed.</param>
/// <param name="Parking">Why the user's records are put aside; null when they are folded.</param>
/// <param name="IsDamaged">What is stored can't be read: what is packed here stands for nothing.</param>
internal sealed record UserState(string User, LogVersion Version, byte[] Packed, Parking? Parking, bool IsDamaged)
{
    /// <summary>Fills a session with what is packed here.</summary>
    public void Unpack(FoldRules rules, UserSession session) => SessionPacking.Unpack(Packed, Version, rules, session);
}

/// <summary>A user's records of one batch of the partition.</summary>
/// <param name="cell">The user's place in the partition; the partition's alone.</param>
/// <param name="whole">The batch that they are a part of; the partition's alone.</param>
internal sealed class UserBatch(SessionCell cell, RecordBatch whole)
{
    /// <summary>The user's place in the partition; the partition's alone.</summary>
    public SessionCell Cell { get; } = cell;

    /// <summary>The batch that they are a part of; the partition's alone.</summary>
    public RecordBatch Whole { get; } = whole;

    private UserRecord _first;
    private List<UserRecord>? _more; // nearly always there is one

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one of them asks that the user's parking end.</summary>
    public bool HasUnparking { get; private set; }

    /// <summary>A record; they are in order.</summary>
    public UserRecord this[int place] => place == 0 ? _first : _more![place - 1];

    /// <summary>Adds a record; not once they are sent.</summary>
    public void Add(in UserRecord record)
    {
        if (Count++ == 0)
            _first = record;
        else
            (_more ??= []).Add(record);
        HasUnparking |= record.Kind == RecordKind.Unparking;
    }
}

/// <summary>The records are folded; this is what it came to.</summary>
/// <param name="Batch">The records.</param>
/// <param name="State">The user afterwards.</param>
internal sealed record Applied(UserBatch Batch, UserState State)
{
    /// <summary>Lists that could not be made now.</summary>
    public Lists Owed { get; set; }

    /// <summary>Whether there is anything to store.</summary>
    public bool IsToStore { get; init; }

    /// <summary>Interactions folded, since the erasure if there is one; the receiver's to keep. Null: none.</summary>
    public List<StoredInteraction>? Interactions { get; init; }

    /// <summary>The last erasure; interactions before it are to be forgotten.</summary>
    public Erasure? Erasure { get; init; }

    /// <summary>Discoveries, for the shared counters.</summary>
    public IReadOnlyList<Discovery> Discoveries { get; init; } = [];

    /// <summary>What to tell the store of the user's parking: that there is one, or (without a reason) none any more.
    /// The last of several.</summary>
    public Parking? Parking { get; init; }

    /// <summary>Records to put aside.</summary>
    public IReadOnlyList<DeadRecord> Dead { get; init; } = [];

    /// <summary>Why folding failed, if that is no matter of the user.</summary>
    public Exception? Failure { get; init; }
}

/// <summary>A discovery, and what the shared counters count of it.</summary>
/// <param name="Offset">The record's offset.</param>
/// <param name="Observation">What the counters count.</param>
/// <param name="Judged">How the contenders ranked it; null when it was not judged.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Discovery(
    long Offset,
    Observation Observation,
    IReadOnlyList<(string Contender, double Rank)>? Judged
);

/// <summary>A record to put aside.</summary>
/// <param name="Record">The record.</param>
/// <param name="Reason">Why.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DeadRecord(UserRecord Record, string Reason);
