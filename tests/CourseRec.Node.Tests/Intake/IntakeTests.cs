using System.Text;
using CourseRec.Actors;
using CourseRec.Actors.Intake;
using CourseRec.Models.Interactions;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Node.Tests.Intake;

public sealed class IntakeTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedLog _log = null!;
    private InteractionIntake _intake = null!;

    public Task InitializeAsync()
    {
        var options = new EmbeddedLogOptions { Path = _folder.File("log.db") };
        _log = EmbeddedLog.Open(options, TimeProvider.System, NullLogger<EmbeddedLog>.Instance);
        _intake = new(_log, TimeProvider.System);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _intake.Dispose();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_complete_event_is_in_its_users_partition_byte_by_byte()
    {
        var json = """{"id":"e1","user":"u","course":"c","type":"view","time":"2026-01-01T00:00:00Z"}""";
        var result = await AcceptAsync($" [ {json} ] ");
        Assert.Equal((1, 0, false), (result.Accepted, result.Rejected.Count, result.IsSingle));
        Assert.Equal([json], await RecordsAsync("u"));
    }

    [Fact]
    public async Task A_missing_id_and_time_are_filled_in()
    {
        Assert.True((await AcceptAsync("""{"user":"u","course":"c","type":"view"}""")).IsSingle);
        var record = Assert.Single(await RecordsAsync("u"));
        var parser = new InteractionParser();
        Assert.True(parser.TryParseRecord(Encoding.UTF8.GetBytes(record), Now, out var error), error.Reason);
        Assert.Equal(26, parser.Id.Length);
        Assert.InRange(parser.Time, Now - 60_000, Now);
    }

    [Fact]
    public async Task Events_of_one_user_keep_their_order()
    {
        var events = Enumerable.Range(0, 32).Select(i => $$"""{"id":"{{i}}","user":"u","course":"c","type":"view"}""");
        await AcceptAsync($"[{string.Join(',', events)}]");
        var ids = (await RecordsAsync("u")).Select(r =>
            System.Text.Json.JsonDocument.Parse(r).RootElement.GetProperty("id").GetString()
        );
        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"{i}"), ids);
    }

    [Fact]
    public async Task An_erasure_is_a_record_of_the_user()
    {
        await _intake.EraseAsync("u", CancellationToken.None);
        var parser = new InteractionParser();
        var record = Assert.Single(await RecordsAsync("u"));
        Assert.True(parser.TryParseRecord(Encoding.UTF8.GetBytes(record), Now, out _));
        Assert.True(parser.IsErasure);
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_nothing_in_the_log()
    {
        await Assert.ThrowsAsync<IntakeRefusedException>(() =>
            AcceptAsync("""[{"user":"u","course":"c","type":"view"},{"user":"u",""")
        );
        Assert.Empty(await RecordsAsync("u"));
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private Task<IntakeResult> AcceptAsync(string json) =>
        _intake.AcceptAsync(Encoding.UTF8.GetBytes(json), null, CancellationToken.None).AsTask();

    private async Task<List<string>> RecordsAsync(string user)
    {
        var records = new List<string>();
        var partition = Partitioner.PartitionOf(user, _log.Identity.Partitions);
        await foreach (var batch in _log.ReadAsync(partition, 0, CancellationToken.None))
            records.AddRange(batch.ToArray().Select(r => Encoding.UTF8.GetString(r.Value.Span)));
        return records;
    }
}
