using System.Text.Json;
using System.Text.Unicode;

namespace CourseRec.Models.Interactions;

/// <summary>
/// Reads one interaction from UTF-8 JSON without allocating for its fields, and refuses what the contract does not
/// allow. It never throws, whatever the bytes. Fields that the contract does not know are ignored; one that it knows
/// and that is given twice is refused. An instance holds the fields of the last interaction read, until the next call;
/// it belongs to one thread. After an answer of false the fields mean nothing.
/// </summary>
public sealed partial class InteractionParser
{
    /// <summary>The largest record, in bytes.</summary>
    public const int MaxRecordBytes = 16 * 1024;

    /// <summary>
    /// The largest request, in bytes: a record less room for the id and time that the node may fill in.
    /// </summary>
    public const int MaxRequestBytes = MaxRecordBytes - 512;

    /// <summary>The longest id, in UTF-16 characters.</summary>
    public const int MaxIdLength = 128;

    /// <summary>The deepest nesting, in objects and arrays.</summary>
    public const int MaxDepth = 16;

    /// <summary>What a forwarded record may have beyond <see cref="MaxRecordBytes"/>, for its origin.</summary>
    private const int OriginBytes = 128;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth + 1 };

    private readonly TextField _id = new();
    private readonly TextField _user = new();
    private readonly TextField _course = new();
    private readonly TextField _source = new();
    private readonly byte[] _traceParent = new byte[TraceParentBytes];
    private readonly byte[] _scratch = new byte[MaxContextBytes];
    private int _traceParentLength;
    private bool _isRequest;
    private InteractionField _seen;
    private InteractionField _current;
    private long _acceptedAt;
    private InteractionError _error;

    /// <summary>The event's id; empty when the request left it out.</summary>
    public ReadOnlySpan<char> Id => _id.Text;

    /// <summary>The learner.</summary>
    public ReadOnlySpan<char> User => _user.Text;

    /// <summary>The course; empty for a control record (an erasure, an unparking).</summary>
    public ReadOnlySpan<char> Course => _course.Text;

    /// <summary>The platform that it comes from; empty when none is named.</summary>
    public ReadOnlySpan<char> Source => _source.Text;

    /// <summary>What the learner did; means nothing for a control record.</summary>
    public InteractionType Type { get; private set; }

    /// <summary>
    /// The record asks to erase the user. In the log only, see <see cref="InteractionJson.Erasure"/>.
    /// </summary>
    public bool IsErasure { get; private set; }

    /// <summary>
    /// The record ends the parking of its user that began at <see cref="Origin"/>. In the log only, see
    /// <see cref="InteractionJson.Unparking"/>.
    /// </summary>
    public bool IsUnparking { get; private set; }

    /// <summary>The value (a rating, a share of progress); NaN when there is none.</summary>
    public double Value { get; private set; }

    /// <summary>
    /// When it happened, in Unix milliseconds; <see cref="long.MinValue"/> when the request left it out.
    /// </summary>
    public long Time { get; private set; }

    /// <summary>
    /// The trace that the event is part of, as W3C Trace Context's <c>traceparent</c>; empty when there is none, or
    /// nothing that has its length.
    /// </summary>
    public ReadOnlySpan<byte> TraceParent => _traceParent.AsSpan(0, _traceParentLength);

    /// <summary>Where a forwarded record comes from.</summary>
    public RecordOrigin? Origin { get; private set; }

    /// <summary>
    /// Reads an interaction from a client: <c>id</c> and <c>time</c> may be missing, <c>origin</c> is refused.
    /// </summary>
    /// <param name="json">One JSON object, at most <see cref="MaxRequestBytes"/>.</param>
    /// <param name="acceptedAt">Unix milliseconds; bounds the event's time.</param>
    /// <param name="error">What was wrong, when the answer is false.</param>
    public bool TryParseRequest(ReadOnlySpan<byte> json, long acceptedAt, out InteractionError error)
    {
        Reset(acceptedAt, isRequest: true);
        var read =
            json.Length > MaxRequestBytes
                ? Refuse("", "the request must have at most 15,872 bytes")
                : ReadWhole(json) && HasRequired(Always);
        error = _error;
        return read;
    }

    /// <summary>
    /// Reads an interaction from the log: everything required must be there, <c>origin</c> is allowed.
    /// </summary>
    /// <param name="json">One JSON object, at most <see cref="MaxRecordBytes"/> (128 more when it has an
    /// origin).</param>
    /// <param name="acceptedAt">The acceptance time that the log record carries, Unix milliseconds.</param>
    /// <param name="error">What was wrong, when the answer is false.</param>
    public bool TryParseRecord(ReadOnlySpan<byte> json, long acceptedAt, out InteractionError error)
    {
        Reset(acceptedAt, isRequest: false);
        var read =
            json.Length <= MaxRecordBytes + OriginBytes
                ? ReadWhole(json) && HasRequired(Always | Stamps) && HasItsSize(json)
                : RefuseSize();
        error = _error;
        return read;
    }

    private void Reset(long acceptedAt, bool isRequest)
    {
        _acceptedAt = acceptedAt;
        _isRequest = isRequest;
        _seen = _current = InteractionField.Unknown;
        _error = default;
        _id.Clear();
        _user.Clear();
        _course.Clear();
        _source.Clear();
        Type = default;
        IsErasure = false;
        IsUnparking = false;
        Value = double.NaN;
        Time = long.MinValue;
        Origin = null;
        _traceParentLength = 0;
    }

    private bool ReadWhole(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return Refuse("", $"the record is not valid UTF-8 at byte {FirstInvalidByte(json)}");
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            return ReadRoot(ref reader);
        }
        catch (JsonException)
        {
            return Refuse("", $"the record is not valid JSON at byte {reader.BytesConsumed}");
        }
        catch (InvalidOperationException)
        {
            return Refuse(
                _current.Name(),
                $"is not valid text (half a surrogate pair) at byte {reader.TokenStartIndex}"
            );
        }
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> utf8)
    {
        var at = 0;
        while (
            System.Text.Rune.DecodeFromUtf8(utf8[at..], out _, out var length) == System.Buffers.OperationStatus.Done
        )
            at += length;
        return at;
    }

    private bool Refuse(string field, string reason)
    {
        _error = new(field, reason);
        return false;
    }

    private bool HasItsSize(ReadOnlySpan<byte> json) =>
        json.Length <= MaxRecordBytes || Origin is not null || RefuseSize();

    private bool RefuseSize() => Refuse("", "the record must have at most 16,384 bytes");
}
