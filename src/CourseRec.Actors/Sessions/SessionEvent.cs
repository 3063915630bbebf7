using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Sessions;

/// <summary>A record of the log as a session folds it: nothing but the record's own content.</summary>
/// <param name="IdHash">The event id's stable hash.</param>
/// <param name="Course">The course's index.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Value">The value; NaN when there is none.</param>
/// <param name="Time">Event time, Unix milliseconds.</param>
/// <param name="AcceptedAt">When the record was accepted, Unix milliseconds.</param>
/// <param name="Origin">Where a forwarded record comes from.</param>
public readonly record struct SessionEvent(
    ulong IdHash,
    int Course,
    InteractionType Type,
    double Value,
    long Time,
    long AcceptedAt,
    RecordOrigin? Origin
);

/// <summary>A positive interaction in a session's history.</summary>
/// <param name="Course">The course's index.</param>
/// <param name="Type">What the learner did.</param>
/// <param name="Time">Event time, Unix seconds.</param>
public readonly record struct HistoryItem(int Course, InteractionType Type, long Time);

/// <summary>What folding a record came to.</summary>
public enum FoldOutcome
{
    /// <summary>Applied, as the newest of the user's events.</summary>
    Applied,

    /// <summary>Applied, and placed by its time before something that came earlier.</summary>
    AppliedLate,

    /// <summary>Not applied: the record is at or below the session's version.</summary>
    Skipped,

    /// <summary>
    /// Not applied: an event with this id (or a record forwarded from this place) was applied before.
    /// </summary>
    Duplicate,

    /// <summary>Not applied: it happened, or was accepted, before the user was erased.</summary>
    Erased,

    /// <summary>Put aside: the user is parked.</summary>
    Parked,
}
