namespace CourseRec.Actors.Sessions;

/// <summary>A record of a user, as it is folded.</summary>
/// <param name="Version">The record's version.</param>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Kind">What the record asks for.</param>
/// <param name="Event">What is folded. Of an erasure only the time counts, of an unparking the origin: where the
/// parking began.</param>
/// <param name="Value">The record's bytes.</param>
/// <param name="TraceParent">The trace that it carries; null when nobody listens, or there is none.</param>
internal readonly record struct UserRecord(
    LogVersion Version,
    long AcceptedAt,
    string EventId,
    RecordKind Kind,
    SessionEvent Event,
    ReadOnlyMemory<byte> Value,
    string? TraceParent
);

/// <summary>What a record asks for.</summary>
internal enum RecordKind
{
    /// <summary>To be folded: the user did something.</summary>
    Interaction,

    /// <summary>The user is to be forgotten.</summary>
    Erasure,

    /// <summary>The user's parking is to end.</summary>
    Unparking,
}
