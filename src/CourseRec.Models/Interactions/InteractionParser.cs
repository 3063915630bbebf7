namespace CourseRec.Models.Interactions;

/// <summary>
/// Reads one interaction from UTF-8 JSON without allocating for its fields. An instance holds the fields of the last
/// interaction read, until the next call; it belongs to one thread.
/// </summary>
public sealed class InteractionParser
{
    /// <summary>The largest record, in bytes.</summary>
    public const int MaxRecordBytes = 16 * 1024;

    /// <summary>The longest id, in UTF-16 characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The event's id; empty when the request left it out.</summary>
    public ReadOnlySpan<char> Id => throw new NotImplementedException();

    /// <summary>The learner.</summary>
    public ReadOnlySpan<char> User => throw new NotImplementedException();

    /// <summary>The course.</summary>
    public ReadOnlySpan<char> Course => throw new NotImplementedException();

    /// <summary>What the learner did.</summary>
    public InteractionType Type { get; private set; }

    /// <summary>The value (a rating, a share of progress); NaN when there is none.</summary>
    public double Value { get; private set; }

    /// <summary>When it happened, in Unix milliseconds; <see cref="long.MinValue"/> when the request left it out.</summary>
    public long Time { get; private set; }

    /// <summary>Where a forwarded record comes from.</summary>
    public RecordOrigin? Origin { get; private set; }

    /// <summary>
    /// Reads an interaction from a client: <c>id</c> and <c>time</c> may be missing, <c>origin</c> is refused.
    /// </summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="acceptedAt">Unix milliseconds; bounds the event's time.</param>
    /// <param name="error">What was wrong, when the answer is false.</param>
    public bool TryParseRequest(ReadOnlySpan<byte> json, long acceptedAt, out InteractionError error) =>
        throw new NotImplementedException();

    /// <summary>Reads an interaction from the log: everything required must be there, <c>origin</c> is allowed.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="acceptedAt">The acceptance time that the log record carries, Unix milliseconds.</param>
    /// <param name="error">What was wrong, when the answer is false.</param>
    public bool TryParseRecord(ReadOnlySpan<byte> json, long acceptedAt, out InteractionError error) =>
        throw new NotImplementedException();
}
