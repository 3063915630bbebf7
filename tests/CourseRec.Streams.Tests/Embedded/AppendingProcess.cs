using CourseRec.Actors.Ports;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Streams.Tests.Embedded;

/// <summary>A real process that appends until it is killed, and says what was acknowledged.</summary>
internal static class AppendingProcess
{
    private const int Callers = 8;

    /// <summary>Runs in the child: a line “caller:number” for every acknowledged record.</summary>
    public static async Task RunAsync(string path)
    {
        var options = new EmbeddedLogOptions { Path = path, Partitions = 2 };
        await using var log = EmbeddedLog.Open(options, TimeProvider.System, NullLogger<EmbeddedLog>.Instance);
        var run = Guid.NewGuid().ToString("N")[..8];
        await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(caller => Task.Run(() => AppendAsync(log, $"{run}-{caller}")))
        );
    }

    /// <summary>
    /// Starts the child, kills it (SIGKILL) after so many acknowledged records; answers all that were acknowledged.
    /// </summary>
    public static Task<IReadOnlyList<string>> RunAndKillAsync(string path, int after) =>
        Subprocess.RunAndKillAsync(new("dotnet", [typeof(AppendingProcess).Assembly.Location, path]), after);

    private static async Task AppendAsync(IInteractionLog log, string caller)
    {
        for (var i = 0; ; i += 2)
        {
            await log.AppendAsync(Records.Record(0, $"{caller}:{i}"), Records.Record(1, $"{caller}:{i + 1}"));
            Console.Out.Write($"{caller}:{i}\n{caller}:{i + 1}\n");
        }
    }
}
