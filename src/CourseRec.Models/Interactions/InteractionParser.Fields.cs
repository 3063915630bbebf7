using System.Text.Json;

namespace CourseRec.Models.Interactions;

public sealed partial class InteractionParser
{
    private const long EarliestTime = 631_152_000_000;
    private const long LargestLead = 24 * 60 * 60 * 1000;
    private const long MaxOffset = (1L << 40) - 1;
    private const int MaxContextBytes = 4096;
    private const int MaxTimeBytes = 256;
    private const int TraceParentBytes = 55;

    private bool ReadRoot(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return Refuse("", "the record must be a JSON object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _current = InteractionField.Unknown;
            _current = InteractionFields.AtRoot(ref reader);
            if (!Once())
                return false;
            reader.Read();
            if (!ReadField(ref reader))
                return false;
        }
        _current = InteractionField.Unknown;
        reader.Read();
        return true;
    }

    private bool ReadField(ref Utf8JsonReader reader) =>
        _current switch
        {
            InteractionField.Id => ReadText(ref reader, _id),
            InteractionField.User => ReadText(ref reader, _user),
            InteractionField.Course => ReadText(ref reader, _course),
            InteractionField.Type => ReadType(ref reader),
            InteractionField.Value => ReadValue(ref reader),
            InteractionField.Time => ReadTime(ref reader),
            InteractionField.Source => reader.TokenType == JsonTokenType.Null || ReadText(ref reader, _source),
            InteractionField.Context => reader.TokenType == JsonTokenType.Null || ReadContext(ref reader),
            InteractionField.Origin => _isRequest
                ? RefuseCurrent("is not allowed in a request")
                : ReadOrigin(ref reader),
            InteractionField.TraceParent => ReadTraceParent(ref reader),
            _ => Skip(ref reader),
        };

    private bool ReadText(ref Utf8JsonReader reader, TextField into) =>
        into.Read(ref reader) is not { } fault || RefuseCurrent(fault);

    private bool ReadType(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return RefuseCurrent("must be a string");
        if (InteractionTypes.TryRead(ref reader, out var type))
            Type = type;
        else if (!_isRequest && reader.Is("erase"u8))
            IsErasure = true;
        else if (!_isRequest && reader.Is("unpark"u8))
            IsUnparking = true;
        else
            return RefuseCurrent(InteractionTypes.Allowed);
        return true;
    }

    private bool ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType != JsonTokenType.Number)
            return RefuseCurrent("must be a number");
        if (!reader.TryGetDouble(out var value) || !double.IsFinite(value))
            return RefuseCurrent("must be finite");
        Value = value;
        return true;
    }

    private bool ReadTime(ref Utf8JsonReader reader)
    {
        const string form = "must be ISO 8601 with an offset, as in 2026-11-20T10:00:00Z";
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > MaxTimeBytes)
            return RefuseCurrent(form);
        var text = reader.ValueIsEscaped ? _scratch.AsSpan(0, reader.CopyString(_scratch)) : reader.ValueSpan;
        var hasOffset = text.Length > 10 && text[10..].ContainsAny("Z+-"u8);
        if (!hasOffset || !reader.TryGetDateTimeOffset(out var time))
            return RefuseCurrent(form);
        Time = time.ToUnixTimeMilliseconds();
        if (Time < EarliestTime)
            return RefuseCurrent("must not be before 1990");
        return Time - LargestLead <= _acceptedAt || RefuseCurrent("must be at most a day ahead of its acceptance");
    }

    private bool ReadContext(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return RefuseCurrent("must be an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _current = InteractionField.Context;
            var field = InteractionFields.InContext(ref reader);
            reader.Read();
            if (field == InteractionField.Unknown)
            {
                if (!Skip(ref reader))
                    return false;
                continue;
            }
            _current = field;
            if (!Once() || reader.TokenType != JsonTokenType.Null && !IsContextText(ref reader))
                return false;
        }
        return true;
    }

    private bool IsContextText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return RefuseCurrent("must be a string");
        if (reader.ValueSpan.Length > MaxContextBytes)
            return RefuseCurrent("must have at most 4,096 bytes");
        if (!reader.ValueIsEscaped)
            return true;
        var text = _scratch.AsSpan(0, reader.CopyString(_scratch));
        return !text.ContainsAnyInRange((byte)0, (byte)0x1f) || RefuseCurrent("must not have control characters");
    }

    private bool ReadOrigin(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            return RefuseCurrent("must be an object");
        long generation = -1,
            partition = -1,
            offset = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _current = InteractionField.Origin;
            _current = InteractionFields.InOrigin(ref reader);
            reader.Read();
            var read = _current switch
            {
                InteractionField.OriginGeneration => ReadInteger(ref reader, 1, int.MaxValue, out generation),
                InteractionField.OriginPartition => ReadInteger(ref reader, 0, int.MaxValue, out partition),
                InteractionField.OriginOffset => ReadInteger(ref reader, 0, MaxOffset, out offset),
                _ => Skip(ref reader),
            };
            if (!read)
                return false;
        }
        Origin = new((int)generation, (int)partition, offset);
        return HasAll(OriginParts);
    }

    /// <summary>What is no trace is ignored: observing an event must not refuse it.</summary>
    private bool ReadTraceParent(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length == TraceParentBytes)
        {
            reader.ValueSpan.CopyTo(_traceParent);
            _traceParentLength = TraceParentBytes;
        }
        return Skip(ref reader);
    }

    private bool ReadInteger(ref Utf8JsonReader reader, long least, long most, out long value)
    {
        value = -1;
        if (!Once())
            return false;
        var isNumber = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
        return isNumber && value >= least && value <= most || RefuseCurrent("must be a whole number in its range");
    }

    private bool Skip(ref Utf8JsonReader reader)
    {
        if (!IsOpening(ref reader))
            return true;
        var outside = reader.CurrentDepth;
        do if (IsOpening(ref reader) && reader.CurrentDepth >= MaxDepth)
            return Refuse("", $"the record is nested deeper than 16 levels at byte {reader.TokenStartIndex}");
        while (reader.Read() && reader.CurrentDepth > outside);
        return true;
    }

    private static bool IsOpening(ref Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;

    private bool Once()
    {
        if ((_seen & _current) != 0)
            return RefuseCurrent("is given twice");
        _seen |= _current;
        return true;
    }

    private bool RefuseCurrent(string reason) => Refuse(_current.Name(), reason);
}
