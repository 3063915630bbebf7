using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using CourseRec.Streams.Embedded;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class EmbeddedLogPressureTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_loses_nothing()
    {
        await using var log = _folder.Open(_folder.Options with { MaxQueuedBytes = 1 << 20 });
        var accepted = new List<Task>();
        using (var other = _folder.Connect())
        {
            other.Run("BEGIN IMMEDIATE"); // The writer must wait for this.
            var busy = await Assert.ThrowsAsync<LogBusyException>(async () =>
            {
                while (true)
                {
                    var append = log.AppendAsync(Record(0, new string('x', 10_000)));
                    if (append.IsFaulted)
                        await append;
                    accepted.Add(append);
                }
            });
            Assert.Contains("bytes are waiting to be written", busy.Message);
            Assert.Equal(104, accepted.Count);
            other.Run("ROLLBACK");
        }
        await Task.WhenAll(accepted).Briefly();
        Assert.Equal(104, (await log.ReadAllAsync(0)).Count);
        await log.AppendAsync(Record(0, "again"));
    }

    [Fact]
    public async Task An_append_larger_than_the_queue_is_refused_by_name()
    {
        await using var log = _folder.Open(_folder.Options with { MaxQueuedBytes = 1 << 20 });
        var refused = await Assert.ThrowsAsync<ArgumentException>(async () =>
            await log.AppendAsync(Record(0, new string('x', 1 << 20)))
        );
        Assert.Contains("MaxQueuedBytes", refused.Message);
    }

    [Fact]
    public async Task A_full_disk_refuses_appends_keeps_what_was_accepted_and_heals()
    {
        await _folder.Open().DisposeAsync();
        var logger = new RecordingLogger<EmbeddedLog>();
        await using var log = _folder.Open(logger: logger);
        await using var following = Following.Start(log, 0);
        await FillAsync(log, pages: 100);
        var accepted = (await log.RangeAsync(0, CancellationToken.None)).End;
        var full = await Assert.ThrowsAsync<LogUnavailableException>(async () =>
            await log.AppendAsync(Large(accepted))
        );
        Assert.Equal($"{_folder.Log}: the disk is full. Free some space; nothing accepted was lost.", full.Message);

        log.MaxPages = 10_000;
        for (var i = accepted; i < accepted + 20; i++)
            await log.AppendAsync(Large(i));
        var expected = Enumerable.Range(0, (int)accepted + 20).Select(i => (long)i).ToArray();
        Assert.Equal(expected, (await log.ReadAllAsync(0)).Select(r => r.Offset));
        Assert.Equal(expected.Select(i => $"{i}"), (await log.ReadTextsAsync(0)).Select(text => text.Trim()));
        await following.UntilCountAsync(expected.Length);
        Assert.Equal(expected, following.Offsets);
        Assert.Single(logger.Messages, m => m.StartsWith("Nothing can be appended"));
        await Eventually.HoldsAsync(() => logger.Contains("works again"), () => string.Join('\n', logger.Messages));
    }

    [Fact]
    public async Task Disposing_finishes_what_is_queued()
    {
        Task[] appends;
        await using (var log = _folder.Open())
            appends = [.. Enumerable.Range(0, 200).Select(i => log.AppendAsync(Record(0, $"{i}")))];
        await Task.WhenAll(appends);
        await using var again = _folder.Open();
        Assert.Equal(200, (await again.ReadAllAsync(0)).Count);
    }

    [Fact]
    public async Task A_disposed_log_refuses_appends()
    {
        var log = _folder.Open();
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.AppendAsync(Record(0, "late")));
    }

    [Fact]
    public async Task Little_free_space_is_found_by_the_settings_check()
    {
        await using var log = _folder.Open(_folder.Options with { RetainBytes = 1L << 60 });
        Assert.Contains(await log.CheckSettingsAsync(CancellationToken.None), f => f.Contains("lower RetainBytes"));
    }

    /// <summary>Lets the file grow to a number of pages, and appends until it is full.</summary>
    private static async Task FillAsync(CourseRec.Streams.Embedded.EmbeddedLog log, long pages)
    {
        log.MaxPages = pages;
        for (var i = 0L; ; i++)
        {
            try
            {
                await log.AppendAsync(Large(i));
            }
            catch (LogUnavailableException)
            {
                return;
            }
        }
    }

    private static NewRecord Large(long number) => Record(0, $"{number}".PadRight(10_000));
}
