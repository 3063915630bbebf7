using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Telemetry;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Intake;

/// <summary>
/// One request being read: its records, and the buffers that they lie in. Reused, so that a request allocates
/// little beyond the ids it lacked.
/// </summary>
internal sealed class IntakeBatch
{
    private const int MaxKeptBytes = 1024 * 1024;
    private readonly InteractionParser _parser = new();
    private readonly ArrayBufferWriter<byte> _scratch = new(4 * 1024);
    private readonly List<Pending> _pending = [];
    private readonly UserTally _tally = new();

    /// <summary>The valid events, ready to append. They refer to the request's bytes.</summary>
    public List<NewRecord> Records { get; } = [];

    /// <summary>The others.</summary>
    public IReadOnlyList<RejectedEvent> Rejected => _rejected;

    private List<RejectedEvent> _rejected = [];
    private string? _traceParent;

    /// <summary>Reads a request. Answers whether it was a single event.</summary>
    public bool Read(
        ReadOnlyMemory<byte> json,
        string? onlyUser,
        long acceptedAt,
        EventIds ids,
        int partitions,
        string? traceParent
    )
    {
        _traceParent = traceParent;
        var single = ReadEvents(json.Span, onlyUser, acceptedAt, ids);
        var scratch = _scratch.WrittenMemory;
        foreach (var p in _pending)
        {
            var key = scratch.Slice(p.Key, p.KeyLength);
            var value = (p.InScratch ? scratch : json).Slice(p.Value, p.ValueLength);
            Records.Add(new(Partitioner.PartitionOf(key.Span, partitions), acceptedAt, key, value));
        }
        return single;
    }

    /// <summary>Empties the batch. Answers whether it is worth keeping.</summary>
    public bool Reset()
    {
        Records.Clear();
        _pending.Clear();
        _tally.Clear();
        if (_rejected.Count > 0)
            _rejected = [];
        _scratch.ResetWrittenCount();
        return _scratch.Capacity <= MaxKeptBytes;
    }

    private bool ReadEvents(ReadOnlySpan<byte> json, string? onlyUser, long acceptedAt, EventIds ids)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                var (start, length) = Skip(ref reader);
                reader.Read();
                ReadEvent(json, start, length, 0, onlyUser, acceptedAt, ids);
                return true;
            }
            for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                if (index == InteractionIntake.MaxEvents)
                    throw new IntakeRefusedException(
                        $"a request carries at most {InteractionIntake.MaxEvents} events; send the others in "
                            + "another one",
                        tooLarge: true
                    );
                var (start, length) = Skip(ref reader);
                ReadEvent(json, start, length, index, onlyUser, acceptedAt, ids);
            }
            reader.Read();
            return false;
        }
        catch (JsonException e)
        {
            throw new IntakeRefusedException($"the body is not JSON: {e.Message}");
        }
    }

    private static (int Start, int Length) Skip(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return (start, (int)reader.BytesConsumed - start);
    }

    private void ReadEvent(
        ReadOnlySpan<byte> json,
        int start,
        int length,
        int index,
        string? onlyUser,
        long acceptedAt,
        EventIds ids
    )
    {
        if (!_parser.TryParseRequest(json.Slice(start, length), acceptedAt, out var error))
            Reject(index, error.ToString());
        else if (onlyUser is not null && !_parser.User.SequenceEqual(onlyUser))
            Reject(index, "user: must be the connection's own user");
        else
            Take(json, start, length, index, acceptedAt, ids);
    }

    private void Take(ReadOnlySpan<byte> json, int start, int length, int index, long acceptedAt, EventIds ids)
    {
        var mark = _scratch.WrittenCount;
        var keyLength = Encoding.UTF8.GetBytes(_parser.User, _scratch);
        var pending = new Pending(mark, (int)keyLength, start, length, InScratch: false);
        if (_tally.Count(_scratch.WrittenSpan[mark..]) > InteractionIntake.MaxEventsOfUser)
        {
            Reject(
                index,
                $"user: at most {InteractionIntake.MaxEventsOfUser} events of one user in a request; send this one "
                    + "in the next"
            );
            return;
        }
        var trace = _pending.Count < EventTraces.MaxTracedEvents && _parser.TraceParent.IsEmpty ? _traceParent : null;
        if (_parser.Id.IsEmpty || _parser.Time == long.MinValue || trace is not null)
        {
            var value = _scratch.WrittenCount;
            string? id = _parser.Id.IsEmpty ? ids.Next() : null;
            long? time = _parser.Time == long.MinValue ? acceptedAt : null;
            InteractionJson.Complete(json.Slice(start, length), id, time, trace, _scratch);
            pending = pending with { Value = value, ValueLength = _scratch.WrittenCount - value, InScratch = true };
        }
        if (pending.ValueLength > InteractionParser.MaxRecordBytes)
            Reject(index, $"a record is at most {InteractionParser.MaxRecordBytes} bytes with its id and time");
        else
            _pending.Add(pending);
    }

    private void Reject(int index, string reason) => _rejected.Add(new(index, reason));

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pending(int Key, int KeyLength, int Value, int ValueLength, bool InScratch);
}
