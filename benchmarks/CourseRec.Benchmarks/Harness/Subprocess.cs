using System.Diagnostics;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Harness;

/// <summary>Runs other programs to their end.</summary>
internal static class Subprocess
{
    /// <summary>The program that runs nodes and every verb but the benchmarks; the build lays it beside them.</summary>
    public static string Courserec { get; } = Path.Combine(AppContext.BaseDirectory, "CourseRec.Cli");

    /// <summary>Runs a verb. Answers what it printed.</summary>
    /// <exception cref="CliException">It failed.</exception>
    public static Task<string> RunVerbAsync(string[] arguments, CancellationToken cancel) =>
        RunAsync(Courserec, arguments, cancel);

    /// <summary>Runs a program. Answers what it printed.</summary>
    /// <exception cref="CliException">It failed; the message has what it said.</exception>
    public static async Task<string> RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var error = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        var (said, complaint) = (await output, await error);
        return process.ExitCode == 0
            ? said
            : throw new CliException($"{Path.GetFileName(program)} {arguments[0]} failed: {said}{complaint}".Trim());
    }
}
