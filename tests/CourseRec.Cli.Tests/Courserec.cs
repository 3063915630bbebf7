namespace CourseRec.Cli.Tests;

/// <summary>The program, as a command line starts it.</summary>
internal static class Courserec
{
    /// <summary>Runs a verb. Answers the exit code and what it said on the error stream.</summary>
    public static async Task<(int Code, string Error)> RunAsync(params string[] args)
    {
        var error = new StringWriter();
        return (await CommandLine.RunAsync(args, error), error.ToString().TrimEnd());
    }
}
