using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Telemetry;
using CourseRec.Models;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Shards;

/// <summary>A record as the shard folds it.</summary>
/// <param name="Cell">The user's cell.</param>
/// <param name="Version">The record's version.</param>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Kind">What the record asks for.</param>
/// <param name="Event">What is folded. Of an erasure only the time counts, of an unparking the origin: where the
/// parking began.</param>
/// <param name="Value">The record's bytes.</param>
/// <param name="TraceParent">The trace that it carries; null when nobody listens, or there is none.</param>
internal readonly record struct ShardRecord(
    SessionCell Cell,
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

/// <summary>Sorts the records of a batch: to fold here, to forward to the user's own partition, or dead.</summary>
internal sealed class RecordReader(
    int partition,
    LogIdentity log,
    int generation,
    CourseIndex courses,
    ResidentSessions sessions
)
{
    private const int MaxSources = 100;
    private readonly InteractionParser _parser = new();

    /// <summary>Up to here every effect is acknowledged: nothing is forwarded or put aside again.</summary>
    public LogVersion Acknowledged { get; set; }

    public List<ShardRecord> ToFold { get; } = [];

    public List<NewRecord> ToForward { get; } = [];

    public List<DeadLetter> Dead { get; } = [];

    /// <summary>Records to forward, by the source that wrote them.</summary>
    public Dictionary<string, int> Misrouted { get; } = [];

    /// <summary>The id of the last record's event (or its checksum), for the checkpoint.</summary>
    public string LastEventId { get; private set; } = "";

    public void Read(in LogRecord record)
    {
        if (!_parser.TryParseRecord(record.Value.Span, record.AcceptedAt, out var error))
        {
            LastEventId = ChecksumOf(record.Value.Span);
            Bury(record, error.ToString());
            return;
        }
        LastEventId = _parser.Id.ToString();
        var home = Partitioner.PartitionOf(_parser.User, log.Partitions);
        if (home == partition)
            ToFold.Add(ToShardRecord(record));
        else if (_parser.Origin is null)
            Forward(record, home);
        else
            Bury(record, $"it was forwarded to partition {partition}, but its user belongs to {home}");
    }

    /// <summary>Puts a record aside that can't be folded.</summary>
    public void Bury(in ShardRecord record, string reason)
    {
        if (record.Version > Acknowledged)
            Dead.Add(new(partition, record.Version.Offset, record.AcceptedAt, reason, record.Value.ToArray()));
    }

    /// <summary>Forgets what was read.</summary>
    public void Clear()
    {
        ToFold.Clear();
        ToForward.Clear();
        Dead.Clear();
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

    private ShardRecord ToShardRecord(in LogRecord record) =>
        new(
            sessions.GetOrAdd(_parser.User),
            LogVersion.At(generation, record.Offset),
            record.AcceptedAt,
            LastEventId,
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

    private void Forward(in LogRecord record, int home)
    {
        if (IsAcknowledged(record))
            return;
        var source = _parser.Source.IsEmpty ? "(none named)" : _parser.Source.ToString();
        if (Misrouted.Count < MaxSources || Misrouted.ContainsKey(source))
            Misrouted[source] = Misrouted.GetValueOrDefault(source) + 1;
        var origin = new RecordOrigin(generation, partition, record.Offset);
        var user = Encoding.UTF8.GetBytes(_parser.User.ToString());
        ToForward.Add(
            new NewRecord(home, record.AcceptedAt, user, InteractionJson.WithOrigin(record.Value.Span, origin))
        );
    }

    private void Bury(in LogRecord record, string reason)
    {
        if (!IsAcknowledged(record))
            Dead.Add(new DeadLetter(partition, record.Offset, record.AcceptedAt, reason, record.Value.ToArray()));
    }

    private bool IsAcknowledged(in LogRecord record) => LogVersion.At(generation, record.Offset) <= Acknowledged;
}
