using System.Diagnostics;

namespace CourseRec.Processes;

/// <summary>Runs other programs.</summary>
public static class Subprocess
{
    private static readonly TimeSpan PutDownLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a program to its end. Answers what it came to.</summary>
    /// <param name="start">The program, its arguments and its environment.</param>
    /// <param name="input">What it is told on its standard input.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was ended; the message has what it said.</exception>
    public static async Task<Answer> RunAsync(
        ProcessStartInfo start,
        string input = "",
        CancellationToken cancel = default
    )
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException e)
        {
            // In good order: what it has started ends with it.
            Signals.Send(process.Id, Signals.Terminate);
            if (!process.WaitForExit(PutDownLimit))
                process.Kill(entireProcessTree: true);
            var command = string.Join(' ', [start.FileName, .. start.ArgumentList]);
            throw new OperationCanceledException($"{command} was ended: {await output}{await error}", e, cancel);
        }
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Runs a program that is to succeed. Answers what it printed.</summary>
    /// <exception cref="ProcessException">It failed; the message has what it said.</exception>
    public static async Task<string> SucceedAsync(
        ProcessStartInfo start,
        string input = "",
        CancellationToken cancel = default
    )
    {
        var (exitCode, output, error) = await RunAsync(start, input, cancel);
        var command = $"{Path.GetFileName(start.FileName)} {start.ArgumentList[0]}";
        return exitCode == 0 ? output : throw new ProcessException($"{command} failed: {output}{error}".Trim());
    }

    /// <summary>
    /// Runs a program that says what it does, and kills it (SIGKILL) after so many lines. Answers all of them, and
    /// those that came before it was dead.
    /// </summary>
    /// <exception cref="ProcessException">It ended before.</exception>
    /// <exception cref="OperationCanceledException">It did not say as many in a minute.</exception>
    public static async Task<IReadOnlyList<string>> RunAndKillAsync(ProcessStartInfo start, int lines)
    {
        using var limit = new CancellationTokenSource(KillLimit);
        start.RedirectStandardOutput = true;
        var process = Process.Start(start)!;
        var said = new List<string>();
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                said.Add(line);
                if (said.Count == lines)
                    process.Kill();
            }
            return said.Count >= lines
                ? said
                : throw new ProcessException($"{start.FileName} ended after {said.Count} lines, not {lines}.");
        }
        finally
        {
            await process.EndAsync();
        }
    }

    /// <summary>Starts a program that speaks a line at a time.</summary>
    /// <param name="start">The program, its arguments and its environment.</param>
    /// <param name="said">Told each line of its output.</param>
    /// <param name="complained">Told each line of its errors.</param>
    public static Process Start(ProcessStartInfo start, Action<string> said, Action<string> complained)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Hear(said, e.Data);
        process.ErrorDataReceived += (_, e) => Hear(complained, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>Kills a program, unless it has ended, and waits for its end.</summary>
    public static async Task EndAsync(this Process process)
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static void Hear(Action<string> listener, string? line)
    {
        if (line is not null)
            listener(line);
    }
}

/// <summary>What a program came to.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it printed.</param>
/// <param name="Error">What it said on its error stream.</param>
public sealed record Answer(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of <see cref="Error"/>.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
