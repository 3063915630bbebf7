using System.Diagnostics;

namespace CourseRec.Processes;

/// <summary>Runs other programs.</summary>
public static class Subprocess
{
    private static readonly TimeSpan PutDownLimit = TimeSpan.FromSeconds(40);

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
        var answer = await RunAsync(start, input, cancel);
        return answer.ExitCode == 0
            ? answer.Output
            : throw new ProcessException(
                $"{Path.GetFileName(start.FileName)} {start.ArgumentList[0]} failed: {answer.Output}{answer.Error}".Trim()
            );
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
