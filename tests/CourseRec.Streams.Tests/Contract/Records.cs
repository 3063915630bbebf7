using System.Text;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Contract;

internal static class Records
{
    public const long Start = 1_700_000_000_000;

    public static NewRecord Record(int partition, string value, long acceptedAt = Start, string key = "u1") =>
        new(partition, acceptedAt, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));

    /// <summary>“0”, “1”, … in one partition, accepted one millisecond after the other.</summary>
    public static NewRecord[] Numbered(int partition, int count, int from = 0) =>
        [.. Enumerable.Range(from, count).Select(i => Record(partition, $"{i}", Start + i))];

    public static string Text(this LogRecord record) => Encoding.UTF8.GetString(record.Value.Span);

    public static async Task AppendAsync(this IInteractionLog log, params NewRecord[] records) =>
        await log.AppendAsync(records, CancellationToken.None);

    public static async Task<List<LogRecord>> ReadAllAsync(this IInteractionLog log, int partition, long from = 0)
    {
        var all = new List<LogRecord>();
        await foreach (var records in log.ReadAsync(partition, from, CancellationToken.None))
            all.AddRange(records.ToArray());
        return all;
    }

    public static async Task<string[]> ReadTextsAsync(this IInteractionLog log, int partition, long from = 0) =>
        [.. (await log.ReadAllAsync(partition, from)).Select(r => r.Text())];

    public static async Task<List<DeadLetter>> ReadLettersAsync(this IInteractionLog log)
    {
        var letters = new List<DeadLetter>();
        await foreach (var letter in log.ReadDeadLettersAsync(CancellationToken.None))
            letters.Add(letter);
        return letters;
    }
}
