using System.Buffers;
using System.Text.Json;
using CourseRec.Models.Interactions;

namespace CourseRec.Cli.Targets;

/// <summary>One request's events, as a JSON array. Reused; belongs to one thread at a time.</summary>
public sealed class EventBatch
{
    /// <summary>Events in one request.</summary>
    public const int MaxEvents = 1000;

    /// <summary>Events of one user in one request: as many as a session recognises again.</summary>
    public const int MaxEventsPerUser = 32;

    private static readonly string[] TypeNames = Enum.GetNames<InteractionType>()
        .Select(JsonNamingPolicy.CamelCase.ConvertName)
        .ToArray();

    private readonly string _source;
    private readonly ArrayBufferWriter<byte> _buffer = new(192 * 1024);
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<string, int> _perUser = new(StringComparer.Ordinal);

    /// <summary>An empty batch whose events name a source.</summary>
    public EventBatch(string source)
    {
        _source = source;
        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Events in it.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an event. False: the batch has no room for it, send it first.</summary>
    public bool TryAdd(in OutgoingEvent e)
    {
        if (Count == MaxEvents || _perUser.GetValueOrDefault(e.User) == MaxEventsPerUser)
            return false;
        if (Count++ == 0)
            _writer.WriteStartArray();
        _perUser[e.User] = _perUser.GetValueOrDefault(e.User) + 1;
        _writer.WriteStartObject();
        _writer.WriteString("id", e.Id);
        _writer.WriteString("user", e.User);
        _writer.WriteString("course", e.Course);
        _writer.WriteString("type", TypeNames[(int)e.Type]);
        if (e.Value is { } value)
            _writer.WriteNumber("value", value);
        _writer.WriteString("time", e.Time.UtcDateTime);
        _writer.WriteString("source", _source);
        _writer.WriteEndObject();
        return true;
    }

    /// <summary>The request's body. Nothing can be added until the batch is cleared.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        _writer.WriteEndArray();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        _buffer.ResetWrittenCount();
        _writer.Reset();
        _perUser.Clear();
        Count = 0;
    }
}
