using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Telemetry;
using CourseRec.Models;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Partitions;

/// <summary>Sorts the records of a batch: to fold here, to forward to the user's own partition, or dead.</summary>
internal sealed class RecordReader(
    int partition,
    LogIdentity log,
    int generation,
    CourseIndex courses,
    ResidentSessions sessions
)
{
    private readonly InteractionParser _parser = new();

    /// <summary>Up to here every effect is acknowledged: nothing is forwarded or put aside again.</summary>
    public LogVersion Acknowledged { get; set; }

    /// <summary>Reads a batch: at least one record, in order.</summary>
    public RecordBatch Read(ReadOnlySpan<LogRecord> records)
    {
        var last = records[^1];
        var batch = new RecordBatch(LogVersion.At(generation, last.Offset), last.AcceptedAt, records.Length);
        foreach (ref readonly var record in records)
            Read(record, batch);
        return batch;
    }

    /// <summary>Puts a record aside that can't be folded.</summary>
    public void Bury(in DeadRecord dead, List<DeadLetter> letters)
    {
        var record = dead.Record;
        if (record.Version > Acknowledged)
            letters.Add(new(partition, record.Version.Offset, record.AcceptedAt, dead.Reason, record.Value.ToArray()));
    }

    /// <summary>What stands for a record's event id at a checkpoint.</summary>
    public string EventIdOf(in LogRecord record) => EventIdOf(_parser, record);

    /// <summary>What stands for a record's event id at a checkpoint.</summary>
    public static string EventIdOf(InteractionParser parser, in LogRecord record) =>
        parser.TryParseRecord(record.Value.Span, record.AcceptedAt, out _)
            ? parser.Id.ToString()
            : ChecksumOf(record.Value.Span);

    private RecordKind Kind =>
        _parser.IsErasure ? RecordKind.Erasure
        : _parser.IsUnparking ? RecordKind.Unparking
        : RecordKind.Interaction;

    private static string ChecksumOf(ReadOnlySpan<byte> value) => $"crc32c:{Crc32C.Of(value):x8}";

    private void Read(in LogRecord record, RecordBatch batch)
    {
        if (!_parser.TryParseRecord(record.Value.Span, record.AcceptedAt, out var error))
        {
            batch.LastEventId = ChecksumOf(record.Value.Span);
            Bury(record, error.ToString(), batch);
            return;
        }
        batch.LastEventId = _parser.Id.ToString();
        var home = Partitioner.PartitionOf(_parser.User, log.Partitions);
        if (home == partition)
            batch.Add(sessions.GetOrAdd(_parser.User), ToUserRecord(record, batch.LastEventId));
        else if (_parser.Origin is null)
            Forward(record, home, batch);
        else
            Bury(record, $"it was forwarded to partition {partition}, but its user belongs to {home}", batch);
    }

    private UserRecord ToUserRecord(in LogRecord record, string eventId) =>
        new(
            LogVersion.At(generation, record.Offset),
            record.AcceptedAt,
            eventId,
            Kind,
            new SessionEvent(
                StableHash.Of(_parser.Id),
                Kind == RecordKind.Interaction ? courses.GetOrAdd(_parser.Course) : -1,
                _parser.Type,
                _parser.Value,
                _parser.Time,
                record.AcceptedAt,
                _parser.Origin
            ),
            record.Value,
            EventTraces.Read(_parser.TraceParent)
        );

    private void Forward(in LogRecord record, int home, RecordBatch batch)
    {
        if (IsAcknowledged(record))
            return;
        batch.Misrouted.Add(_parser.Source.IsEmpty ? "(none named)" : _parser.Source.ToString());
        var origin = new RecordOrigin(generation, partition, record.Offset);
        var user = Encoding.UTF8.GetBytes(_parser.User.ToString());
        batch.ToForward.Add(
            new NewRecord(home, record.AcceptedAt, user, InteractionJson.WithOrigin(record.Value.Span, origin))
        );
    }

    private void Bury(in LogRecord record, string reason, RecordBatch batch)
    {
        if (!IsAcknowledged(record))
            batch.Dead.Add(new DeadLetter(partition, record.Offset, record.AcceptedAt, reason, record.Value.ToArray()));
    }

    private bool IsAcknowledged(in LogRecord record) => LogVersion.At(generation, record.Offset) <= Acknowledged;
}
