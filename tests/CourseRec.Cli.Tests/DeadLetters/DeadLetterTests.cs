using System.Text;
using CourseRec.Actors;
using CourseRec.Actors.Ports;
using CourseRec.Cli;
using CourseRec.Cli.DeadLetters;
using CourseRec.Models.Interactions;

namespace CourseRec.Cli.Tests.DeadLetters;

public sealed class DeadLetterTests : IDisposable
{
    private const long AcceptedAt = 1_790_000_000_000;
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("""{"id":"e","type":"klick"}""")]
    [InlineData("no JSON at all: \"quotes\", Müller, \t")]
    public async Task A_line_that_was_written_is_read_as_it_was(string value)
    {
        var letter = Letter(3, value);
        var read = await ReadAsync(DeadLetterLines.Write(letter));
        Assert.Equal(letter with { Value = read.Value }, read);
        Assert.Equal(value, Encoding.UTF8.GetString(read.Value.Span));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_kept()
    {
        var letter = new DeadLetter(1, 2, AcceptedAt, "not UTF-8", new byte[] { 0xff, 0x00, 0xfe });
        Assert.Equal(letter.Value.ToArray(), (await ReadAsync(DeadLetterLines.Write(letter))).Value.ToArray());
    }

    [Fact]
    public async Task A_replay_sends_each_event_once_and_says_what_still_can_not_be_read()
    {
        await using var log = OpenedLog.OpenFile(_folder.File("log.db"), partitions: 2);
        DeadLetter[] letters =
        [
            Letter(1, Event("one")),
            Letter(2, Event("one")),
            Letter(3, Event("two")),
            Letter(4, "{"),
        ];

        Assert.Equal((2, 0, 1), await ReplayAsync(log, letters));
        Assert.Equal((0, 2, 1), await ReplayAsync(log, letters));
        Assert.Equal(["one", "two"], await EventIdsAsync(log));
    }

    [Fact]
    public async Task A_letter_without_an_id_gets_one_that_follows_from_where_it_came_from()
    {
        await using var log = OpenedLog.OpenFile(_folder.File("log.db"), partitions: 2);
        var letter = Letter(7, """{"user":"ada","course":"c","type":"click","time":"2026-01-01T00:00:00Z"}""");

        Assert.Equal((1, 0, 0), await ReplayAsync(log, letter));
        Assert.Equal((0, 1, 0), await ReplayAsync(log, letter));
        Assert.Equal(["dead-letter-1-7"], await EventIdsAsync(log));
    }

    [Fact]
    public async Task What_is_sent_in_again_counts_as_accepted_when_it_first_was()
    {
        await using var log = OpenedLog.OpenFile(_folder.File("log.db"), partitions: 2);
        await ReplayAsync(log, Letter(1, Event("one")));
        Assert.All(await RecordsAsync(log), record => Assert.Equal(AcceptedAt, record.AcceptedAt));
    }

    [Fact]
    public async Task An_event_that_is_in_the_log_only_as_a_dead_letter_is_sent_again_once()
    {
        await using var log = OpenedLog.OpenFile(_folder.File("log.db"), partitions: 2);
        var (home, value) = (Partitioner.PartitionOf("ada", 2), Encoding.UTF8.GetBytes(Event("one")));
        await log.AppendAsync([new NewRecord(home, AcceptedAt, "ada"u8.ToArray(), value)], CancellationToken.None);
        var parked = new DeadLetter(home, 0, AcceptedAt, "the user is parked", value);
        await log.AppendDeadLettersAsync([parked], CancellationToken.None);

        Assert.Equal((1, 0, 0), await ReplayAsync(log, parked));
        Assert.Equal((0, 1, 0), await ReplayAsync(log, parked));
        Assert.Equal(["one", "one"], await EventIdsAsync(log));
    }

    public void Dispose() => _folder.Dispose();

    private static DeadLetter Letter(long offset, string value) =>
        new(1, offset, AcceptedAt, "type: must be …", Encoding.UTF8.GetBytes(value));

    private static string Event(string id) =>
        $$"""{"id":"{{id}}","user":"ada","course":"c","type":"click","time":"2026-01-01T00:00:00Z"}""";

    private async Task<DeadLetter> ReadAsync(string line)
    {
        var file = _folder.File("letters");
        await File.WriteAllLinesAsync(file, [line, ""]);
        var letters = new List<DeadLetter>();
        await foreach (var letter in DeadLetterLines.ReadAsync(file))
            letters.Add(letter);
        return Assert.Single(letters);
    }

    private static async Task<(int Sent, int Known, int Refused)> ReplayAsync(
        IInteractionLog log,
        params DeadLetter[] letters
    )
    {
        var replay = new DeadLetterReplay(log);
        foreach (var letter in letters)
            replay.Add(letter);
        var (sent, known) = await replay.SendAsync(CancellationToken.None);
        return (sent, known, replay.Refused.Count);
    }

    private static async Task<List<LogRecord>> RecordsAsync(IInteractionLog log)
    {
        var records = new List<LogRecord>();
        await foreach (var batch in log.ReadAsync(Partitioner.PartitionOf("ada", 2), 0, CancellationToken.None))
            records.AddRange(batch.ToArray());
        return records;
    }

    private static async Task<string[]> EventIdsAsync(IInteractionLog log)
    {
        var parser = new InteractionParser();
        return
        [
            .. (await RecordsAsync(log)).Select(record =>
                parser.TryParseRecord(record.Value.Span, record.AcceptedAt, out _) ? parser.Id.ToString() : "?"
            ),
        ];
    }
}
