namespace CourseRec.Streams.Tests.Embedded;

public sealed class EmbeddedLogCrashTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_acknowledged_is_there_once_after_a_process_was_killed_several_times()
    {
        var acknowledged = new List<string>();
        foreach (var after in new[] { 50, 1_000, 301 })
            acknowledged.AddRange(await AppendingProcess.RunAndKillAsync(_folder.Log, after));
        Assert.True(acknowledged.Count >= 1_351, $"{acknowledged.Count} acknowledged");

        await using var log = _folder.Open();
        var found = new HashSet<string>();
        foreach (var partition in new[] { 0, 1 })
        {
            var records = await log.ReadAllAsync(partition);
            Assert.Equal(Enumerable.Range(0, records.Count).Select(i => (long)i), records.Select(r => r.Offset));
            Assert.All(records, record => Assert.True(found.Add(record.Text()), $"{record.Text()} is there twice"));
        }
        Assert.Empty(acknowledged.Except(found));
    }
}
