using CourseRec.Cli;

namespace CourseRec.Benchmarks.Tests;

/// <summary>The program, as a command line starts it.</summary>
internal static class BenchProgram
{
    /// <summary>Runs it. Answers the exit code and what it said on the error stream.</summary>
    public static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        var error = new StringWriter();
        var code = await CommandLine.RunAsync(BenchCommand.Program(), args, error);
        return (code, error.ToString().TrimEnd());
    }
}
