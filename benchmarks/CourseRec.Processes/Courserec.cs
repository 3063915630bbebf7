namespace CourseRec.Processes;

/// <summary>Runs <c>courserec VERB</c> to its end: the program that <c>./build</c> made, as a user would.</summary>
public static class Courserec
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The launcher, which knows every verb.</summary>
    /// <exception cref="ProcessException">It is not built.</exception>
    public static string Launcher => field ??= FindLauncher();

    /// <summary>Runs a verb; it is ended after five minutes.</summary>
    public static Task<Answer> RunAsync(params string[] arguments) => RunProgramAsync(Launcher, arguments);

    /// <summary>The same of another copy of the program.</summary>
    public static async Task<Answer> RunProgramAsync(string program, params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await Subprocess.RunAsync(new(program, arguments), cancel: limit.Token);
    }

    /// <summary>Runs a verb that is to succeed; it is ended after five minutes. Answers what it printed.</summary>
    /// <exception cref="ProcessException">It failed; the message has what it said.</exception>
    public static async Task<string> SucceedAsync(params string[] arguments)
    {
        using var limit = new CancellationTokenSource(Limit);
        return await SucceedAsync(arguments, limit.Token);
    }

    /// <summary>The same without a limit.</summary>
    public static Task<string> SucceedAsync(string[] arguments, CancellationToken cancel) =>
        Subprocess.SucceedAsync(new(Launcher, arguments), cancel: cancel);

    /// <summary>Folds the log again and compares with a stopped node's store. Answers what was said.</summary>
    /// <exception cref="ProcessException">They differ; the message says in what.</exception>
    public static Task<string> VerifyAsync(string dataDir, params string[] flags) =>
        SucceedAsync(Verification(dataDir, flags));

    /// <summary>The same without a limit.</summary>
    public static Task<string> VerifyAsync(string dataDir, string[] flags, CancellationToken cancel) =>
        SucceedAsync(Verification(dataDir, flags), cancel);

    private static string[] Verification(string dataDir, string[] flags) =>
        ["session", "verify", "--all", "--data-dir", dataDir, .. flags];

    private static string FindLauncher()
    {
        var path = Repository.PathOf("bin", "courserec");
        return File.Exists(path) ? path : throw new ProcessException($"{path} is missing: run ./build first.");
    }
}
