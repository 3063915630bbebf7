using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using CourseRec.Streams.Embedded;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class EmbeddedLogFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_log_in_use_is_refused_by_name_and_free_afterwards()
    {
        await using (_folder.Open())
        {
            var refused = Assert.Throws<SqliteFileException>(() => _folder.Open());
            Assert.Equal(
                $"{_folder.Log} is in use by another process. Stop it, or point the data directory elsewhere.",
                refused.Message
            );
        }
        await _folder.Open().DisposeAsync();
    }

    [Fact]
    public async Task Another_number_of_partitions_is_refused()
    {
        await _folder.Open().DisposeAsync();
        var refused = Assert.Throws<SqliteFileException>(() => _folder.Open(_folder.Options with { Partitions = 8 }));
        Assert.StartsWith($"{_folder.Log} has 2 partitions, and 8 are configured.", refused.Message);
        await _folder.Open().DisposeAsync();
    }

    [Fact]
    public void A_foreign_file_is_refused_and_not_changed()
    {
        File.WriteAllText(
            _folder.Log,
            "Somebody's notes, long enough to be taken for a header if nobody looked closely."
        );
        var before = File.ReadAllBytes(_folder.Log);
        var refused = Assert.Throws<SqliteFileException>(() => _folder.Open());
        Assert.StartsWith($"{_folder.Log} is not a SQLite database.", refused.Message);
        Assert.Equal(before, File.ReadAllBytes(_folder.Log));
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        _folder.Run("CREATE TABLE notes (text TEXT)");
        var refused = Assert.Throws<SqliteFileException>(() => _folder.Open());
        Assert.StartsWith($"{_folder.Log} is not a CourseRec interaction log.", refused.Message);
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await _folder.Open().DisposeAsync();
        _folder.Run("PRAGMA user_version = 2");
        var refused = Assert.Throws<SqliteFileException>(() => _folder.Open());
        Assert.StartsWith($"{_folder.Log} has format 2, this program reads format 1.", refused.Message);
    }

    [Fact]
    public async Task A_log_made_anew_has_another_identity()
    {
        string first;
        await using (var log = _folder.Open())
            first = log.Identity.Id;
        File.Delete(_folder.Log);
        await using var again = _folder.Open();
        Assert.NotEqual(first, again.Identity.Id);
    }

    [Fact]
    public async Task Reading_a_damaged_batch_says_where_it_is()
    {
        await DamageAsync();
        await using var log = _folder.Open();
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() => log.ReadAllAsync(0));
        Assert.StartsWith(
            $"{_folder.Log}: in partition 0, offsets 1 to 1 are damaged (wrong checksum).",
            stopped.Message
        );
        Assert.Equal(["0"], await log.ReadTextsAsync(1));
    }

    [Fact]
    public async Task A_damaged_batch_stops_its_partition_alone()
    {
        await DamageAsync();
        await using var log = _folder.Open();
        await using var damaged = Following.Start(log, 0);
        await using var whole = Following.Start(log, 1);
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() => damaged.Ended.Briefly());
        Assert.Contains("in partition 0, offsets 1 to 1 are damaged (wrong checksum)", stopped.Message);
        await log.AppendAsync(Record(1, "1"));
        await whole.UntilCountAsync(2);
        Assert.DoesNotContain("2", damaged.Texts);
    }

    [Fact]
    public async Task A_missing_batch_stops_its_partition()
    {
        await using (var log = _folder.Open())
            foreach (var record in Numbered(0, 3))
                await log.AppendAsync(record);
        _folder.Run("DELETE FROM batch WHERE place = 1");
        await using var again = _folder.Open();
        var stopped = await Assert.ThrowsAsync<PartitionStoppedException>(() => again.ReadAllAsync(0));
        Assert.Contains("in partition 0, offsets 1 to 1 are missing", stopped.Message);
    }

    [Fact]
    public async Task An_offset_of_two_to_the_forty_is_refused()
    {
        await _folder.Open().DisposeAsync();
        _folder.Run("UPDATE partition SET next = (1 << 40) - 2 WHERE partition = 0");
        await using var log = _folder.Open();
        await log.AppendAsync(Numbered(0, 2));
        Assert.Equal(["0", "1"], await log.ReadTextsAsync(0));
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(async () =>
            await log.AppendAsync(Record(0, "2"))
        );
        Assert.StartsWith("Partition 0 is full: it holds 2^40 records.", refused.Message);
        await log.AppendAsync(Record(1, "0"));
        Assert.Equal(new OffsetRange((1L << 40) - 2, 1L << 40), await log.RangeAsync(0, CancellationToken.None));
        Assert.Equal(["0"], await log.ReadTextsAsync(1));
    }

    /// <summary>Three batches in partition 0, one in partition 1; then a byte of the second is changed.</summary>
    private async Task DamageAsync()
    {
        await using (var log = _folder.Open())
        {
            foreach (var record in Numbered(0, 3))
                await log.AppendAsync(record);
            await log.AppendAsync(Record(1, "0"));
        }
        _folder.Run("UPDATE batch SET records = zeroblob(length(records)) WHERE place = 1");
    }
}
