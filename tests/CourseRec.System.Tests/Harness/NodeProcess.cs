using System.Collections.Concurrent;
using System.Diagnostics;

namespace CourseRec.SystemTests.Harness;

/// <summary>A real node on a folder and a port of its own; ended by its process id.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(string program, string dataDir, int port, string[] flags)
    {
        Url = new Uri($"http://127.0.0.1:{port}");
        string[] arguments = ["node", "--data-dir", dataDir, "--urls", $"http://127.0.0.1:{port}", .. flags];
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Url { get; }

    public string Output => string.Join('\n', _lines);

    /// <summary>The lines that have a text in them.</summary>
    public string[] LinesWith(string text) => [.. _lines.Where(line => line.Contains(text, StringComparison.Ordinal))];

    /// <summary>Starts a node and waits for its address.</summary>
    public static Task<NodeProcess> StartAsync(string dataDir, int port, params string[] flags) =>
        StartProgramAsync(BuiltProgram.Launcher, dataDir, port, flags);

    /// <summary>Starts another copy of the program and waits for its address.</summary>
    public static async Task<NodeProcess> StartProgramAsync(
        string program,
        string dataDir,
        int port,
        params string[] flags
    )
    {
        var node = new NodeProcess(program, dataDir, port, flags);
        try
        {
            await Task.WhenAny(node._ready.Task, node._process.WaitForExitAsync()).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            // Reported below, with the output.
        }
        if (node._ready.Task.IsCompleted)
            return node;
        await node.DisposeAsync();
        throw new InvalidOperationException($"The node was not ready in {Patience.TotalSeconds} s:\n{node.Output}");
    }

    /// <summary>Sends a signal and waits for the end. Answers the exit code.</summary>
    public Task<int> EndAsync(int signal)
    {
        Signals.Send(_process.Id, signal);
        return EndAsync();
    }

    /// <summary>Waits until it ends by itself. Answers the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Signals.Send(_process.Id, signal);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (line.Contains("CourseRec is at", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
