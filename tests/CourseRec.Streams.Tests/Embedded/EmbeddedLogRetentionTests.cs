using CourseRec.Actors.Ports;
using Microsoft.Extensions.Time.Testing;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class EmbeddedLogRetentionTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Start));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Old_records_go_when_they_are_stored_and_offsets_go_on()
    {
        await using (var log = _folder.Open(time: _time))
        {
            await AppendAsync(log, [0, 2, 4, 6, 8]);
            log.Commit(0, 4);
            _time.Advance(8 * Day);
            await UntilFirstAsync(log, 0, 2);
            Assert.Equal(["2", "3", "4"], await log.ReadTextsAsync(0));
            Assert.Equal(2, await log.FindOffsetAsync(0, Start, CancellationToken.None));
            log.Commit(0, 5);
            _time.Advance(Day);
            await UntilFirstAsync(log, 0, 3);
        }
        await using var again = _folder.Open(time: _time);
        await again.AppendAsync(Record(0, "5", Start + 5));
        Assert.Equal(new OffsetRange(3, 6), await again.RangeAsync(0, CancellationToken.None));
        Assert.Equal(["3", "4", "5"], await again.ReadTextsAsync(0));
    }

    [Fact]
    public async Task Young_records_stay()
    {
        await using var log = _folder.Open(time: _time);
        await AppendAsync(log, [0, 2880, 2882, 2884]); // Two days after the first one.
        log.Commit(0, 4);
        _time.Advance(8 * Day);
        await UntilFirstAsync(log, 0, 1);
        Assert.Equal(["1", "2", "3"], await log.ReadTextsAsync(0));
    }

    [Fact]
    public async Task What_was_accepted_in_the_minute_before_the_committed_record_stays()
    {
        await using var log = _folder.Open(time: _time);
        await AppendAsync(log, [0, 1, 2, 2.5, 2.9, 3, 9]);
        log.Commit(0, 6);
        _time.Advance(8 * Day);
        await UntilFirstAsync(log, 0, 1); // The minute begins with 2; 1 is the batch that reaches back over it.
        Assert.Equal(["1", "2", "3", "4", "5", "6"], await log.ReadTextsAsync(0));
    }

    [Fact]
    public async Task A_clock_that_was_once_ahead_does_not_keep_records_beyond_the_size()
    {
        await using var log = _folder.Open(_folder.Options with { RetainBytes = 1 << 20 }, _time);
        await AppendAsync(log, [1_000_000, .. Enumerable.Range(0, 20).Select(i => 2.0 * i)], padding: 60_000);
        log.Commit(0, 21);
        _time.Advance(Day);
        await UntilFirstAsync(log, 0, 13);
    }

    [Fact]
    public async Task Records_beyond_the_size_go_oldest_first()
    {
        await using var log = _folder.Open(_folder.Options with { RetainBytes = 1 << 20 }, _time);
        await AppendAsync(log, [.. Enumerable.Range(0, 20).Select(i => 2.0 * i)], padding: 60_000);
        log.Commit(0, 20);
        _time.Advance(Day);
        await UntilFirstAsync(log, 0, 12); // Half a MiB is each partition's share: eight records.
        Assert.Equal(8, (await log.ReadAllAsync(0)).Count);
    }

    [Fact]
    public async Task What_was_committed_is_known_after_a_restart()
    {
        await using (var log = _folder.Open(time: _time))
        {
            await AppendAsync(log, [0, 2, 4]);
            log.Commit(0, 3);
        }
        await using var again = _folder.Open(time: _time);
        _time.Advance(8 * Day);
        await UntilFirstAsync(again, 0, 1);
    }

    [Fact]
    public async Task Following_from_below_the_first_record_starts_at_it()
    {
        await using var log = _folder.Open(time: _time);
        await AppendAsync(log, [0, 2, 4, 6]);
        log.Commit(0, 4);
        _time.Advance(8 * Day);
        await UntilFirstAsync(log, 0, 2);
        await using var following = Following.Start(log, 0);
        await following.UntilCountAsync(2);
        Assert.Equal(["2", "3"], following.Texts);
    }

    [Fact]
    public async Task The_oldest_dead_letters_go_beyond_their_number()
    {
        await using var log = _folder.Open(_folder.Options with { RetainDeadLetters = 2 }, _time);
        var letters = Enumerable.Range(0, 5).Select(i => new DeadLetter(0, i, Start, "bad", default)).ToList();
        await log.AppendDeadLettersAsync(letters, CancellationToken.None);
        _time.Advance(Day);
        await Eventually.HoldsAsync(
            () => log.ReadLettersAsync().GetAwaiter().GetResult().Count == 2,
            () => "more than 2 left"
        );
        Assert.Equal([3L, 4], (await log.ReadLettersAsync()).Select(l => l.Offset));
    }

    [Fact]
    public async Task Dead_letters_go_when_they_are_too_old()
    {
        await using var log = _folder.Open(time: _time);
        var letters = new[] { 2, 0, 1, 3 }.Select(day => new DeadLetter(
            0,
            day,
            Start + (long)(day * Day).TotalMilliseconds,
            "bad",
            default
        ));
        await log.AppendDeadLettersAsync([.. letters], CancellationToken.None);
        _time.Advance((8 * Day) + TimeSpan.FromHours(12));
        await Eventually.HoldsAsync(
            () => log.ReadLettersAsync().GetAwaiter().GetResult().Count == 2,
            () => "not 2 letters are left"
        );
        Assert.Equal([2L, 3], (await log.ReadLettersAsync()).Select(l => l.Offset));
    }

    /// <summary>“0”, “1”, …, accepted so many minutes after the start, each appended by itself.</summary>
    private static async Task AppendAsync(IInteractionLog log, double[] minutes, int padding = 0)
    {
        foreach (var (i, minute) in minutes.Index())
            await log.AppendAsync(Record(0, $"{i}".PadRight(padding), Start + (long)(minute * 60_000)));
    }

    private static Task UntilFirstAsync(IInteractionLog log, int partition, long first)
    {
        OffsetRange Range() => log.RangeAsync(partition, CancellationToken.None).GetAwaiter().GetResult();
        return Eventually.HoldsAsync(() => Range().First == first, () => $"{Range()}, wanted First = {first}");
    }
}
