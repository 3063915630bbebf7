using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Models.Interactions;

namespace CourseRec.Cli.DeadLetters;

/// <summary>
/// Sends dead letters into the log again, as accepted when they first were, so that a user erased since stays erased.
/// One whose event id is in its user's partition already is left out: replaying twice does no harm. (Where it is a
/// dead letter itself, as a parked user's, it is not in yet.) One without an id gets one that follows from where it
/// came from.
/// </summary>
internal sealed class DeadLetterReplay(IInteractionLog log)
{
    private const int AppendedAtOnce = 500;
    private readonly InteractionParser _parser = new();
    private readonly Dictionary<string, NewRecord> _good = new(StringComparer.Ordinal);

    private readonly HashSet<(int Partition, long Offset, long AcceptedAt)> _dead = [];

    /// <summary>Those that still can't be read, with the reason.</summary>
    public List<(DeadLetter Letter, string Reason)> Refused { get; } = [];

    /// <summary>Takes one in.</summary>
    public void Add(DeadLetter letter)
    {
        var value = WithId(letter);
        if (_parser.TryParseRecord(value.Span, letter.AcceptedAt, out var error))
            _good.TryAdd(_parser.Id.ToString(), ToRecord(value, letter.AcceptedAt));
        else
            Refused.Add((letter, error.ToString()));
    }

    /// <summary>Sends those that can be read and are not in the log yet.</summary>
    /// <returns>How many were sent, and how many were there already.</returns>
    public async Task<(int Sent, int Known)> SendAsync(CancellationToken cancel)
    {
        var all = _good.Count;
        await foreach (var letter in log.ReadDeadLettersAsync(cancel))
            _dead.Add((letter.Partition, letter.Offset, letter.AcceptedAt));
        foreach (var partition in _good.Values.Select(record => record.Partition).Distinct().ToArray())
            await LeaveOutKnownAsync(partition, cancel);
        foreach (var chunk in _good.Values.Chunk(AppendedAtOnce))
            await log.AppendAsync(chunk, cancel);
        return (_good.Count, all - _good.Count);
    }

    private static ReadOnlyMemory<byte> WithId(DeadLetter letter)
    {
        try
        {
            if (JsonNode.Parse(letter.Value.Span) is not JsonObject record || record.ContainsKey("id"))
                return letter.Value;
            record["id"] = $"dead-letter-{letter.Partition}-{letter.Offset}";
            return Encoding.UTF8.GetBytes(record.ToJsonString());
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return letter.Value; // The parser says what is wrong with it.
        }
    }

    private NewRecord ToRecord(ReadOnlyMemory<byte> value, long acceptedAt)
    {
        var user = Encoding.UTF8.GetBytes(_parser.User.ToString());
        return new(Partitioner.PartitionOf(_parser.User, log.Identity.Partitions), acceptedAt, user, value);
    }

    private async Task LeaveOutKnownAsync(int partition, CancellationToken cancel)
    {
        await foreach (var batch in log.ReadAsync(partition, 0, cancel))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                var record = batch.Span[i];
                if (
                    _parser.TryParseRecord(record.Value.Span, record.AcceptedAt, out _)
                    && _good.TryGetValue(_parser.Id.ToString(), out var sent)
                    && sent.Partition == partition
                    && !_dead.Contains((partition, record.Offset, record.AcceptedAt))
                )
                    _good.Remove(_parser.Id.ToString());
            }
        }
    }
}
