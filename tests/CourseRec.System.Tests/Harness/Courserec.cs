using System.Diagnostics;

namespace CourseRec.SystemTests.Harness;

/// <summary>Runs <c>courserec VERB</c> to its end.</summary>
internal static class Courserec
{
    private static readonly TimeSpan PutDownLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Task<Answer> RunAsync(params string[] arguments) => RunProgramAsync(BuiltProgram.Launcher, arguments);

    /// <summary>The same of another copy of the program.</summary>
    public static async Task<Answer> RunProgramAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            // In good order: what it has started ends with it.
            Signals.Send(process.Id, Signals.Terminate);
            if (!process.WaitForExit(PutDownLimit))
                process.Kill();
            Assert.Fail(
                $"courserec {string.Join(' ', arguments)} did not end in {Limit}: {await output} {await error}"
            );
        }
        return new Answer(process.ExitCode, await output, await error);
    }
}

/// <summary>What a verb came to.</summary>
internal sealed record Answer(int ExitCode, string Output, string Error)
{
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
