using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Embedded;

/// <summary>
/// The promise: what was accepted is in exactly one session, exactly once, whatever happens to the process.
/// </summary>
public sealed class CrashTests
{
    private const int Crashes = 6;
    private const int Writers = 3;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData(Signals.Kill, 137)]
    [InlineData(Signals.Terminate, 0)]
    public async Task Every_accepted_event_is_applied_exactly_once_when_the_node_ends_at_random_moments(
        int signal,
        int exitCode
    )
    {
        using var folder = new TemporaryFolder();
        var port = FreePorts.One();
        using var giveUp = new CancellationTokenSource(Limit);
        using var stop = new CancellationTokenSource();
        var node = await NodeProcess.StartAsync(folder.Path, port, "--no-simulation");
        try
        {
            var writers = Enumerable.Range(0, Writers).Select(i => new CrashWriter($"w{i}", node.Url)).ToArray();
            var writing = Task.WhenAll(writers.Select(writer => writer.RunAsync(stop.Token, giveUp.Token)));
            var random = new Random(signal);
            for (var crash = 0; crash < Crashes; crash++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 1500)), TimeProvider.System);
                Assert.Equal(exitCode, await node.EndAsync(signal));
                await node.DisposeAsync();
                node = await NodeProcess.StartAsync(folder.Path, port, "--no-simulation");
            }
            await stop.CancelAsync();
            await writing;
            await CrashWriter.AssertSessionsAsync(node.Url, writers);
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        }
        finally
        {
            await node.DisposeAsync();
        }
        await Courserec.VerifyAsync(folder.Path);
    }
}
