using System.Diagnostics;
using System.Globalization;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Harness;

/// <summary>A real node in a process of its own.</summary>
internal sealed class LocalNode : IAsyncDisposable
{
    /// <summary>The file in a node's folder that keeps what it said, over all its lives.</summary>
    public const string LogName = "output.log";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastLine = "it said nothing";

    private LocalNode(string dataDir, Uri url, string[] flags)
    {
        Url = url;
        Directory.CreateDirectory(dataDir);
        _log = TextWriter.Synchronized(
            new StreamWriter(Path.Combine(dataDir, LogName), append: true) { AutoFlush = true }
        );
        string[] place = ["--data-dir", dataDir, "--urls", url.GetLeftPart(UriPartial.Authority)];
        _process = Process.Start(
            new ProcessStartInfo(Subprocess.Courserec, ["node", .. place, .. flags])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Whether it was frozen, and not thawed yet.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its memory, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>What a node is told so that it has these options.</summary>
    public static IEnumerable<string> FlagsOf(IEnumerable<KeyValuePair<string, string?>> options) =>
        options.SelectMany(option => new[] { "--set", $"{option.Key}={option.Value}" });

    /// <summary>Starts a node and waits until it is ready.</summary>
    /// <param name="dataDir">Its folder.</param>
    /// <param name="url">Where it is to listen.</param>
    /// <param name="flags">What else it is told.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="CliException">It did not start; the message has its last line.</exception>
    public static async Task<LocalNode> StartAsync(string dataDir, Uri url, string[] flags, CancellationToken cancel)
    {
        var node = new LocalNode(dataDir, url, flags);
        try
        {
            await Task.WhenAny(node._ready.Task, node._process.WaitForExitAsync(cancel)).WaitAsync(Patience, cancel);
            return node._ready.Task.IsCompleted
                ? node
                : throw new CliException($"The node at {url} did not start: {node._lastLine}");
        }
        catch (Exception e)
        {
            await node.DisposeAsync();
            throw e is TimeoutException
                ? new CliException($"The node at {url} was not ready in {Patience.TotalSeconds} s: {node._lastLine}", e)
                : e;
        }
    }

    /// <summary>Halts it: its connections stay open, and nothing is answered.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        Signals.Send(_process.Id, Signals.Freeze);
    }

    /// <summary>Lets it go on.</summary>
    public void Thaw()
    {
        Signals.Send(_process.Id, Signals.Thaw);
        IsFrozen = false;
    }

    /// <summary>Sends a signal and waits for the end. Answers the exit code.</summary>
    /// <exception cref="CliException">It did not end.</exception>
    public async Task<int> EndAsync(int signal)
    {
        Signals.Send(_process.Id, signal);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            throw new CliException($"{Url} did not end in {Patience.TotalSeconds} s after signal {signal}.", e);
        }
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private void OnLine(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _lastLine = line;
        _log.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}")
        );
        if (line.Contains("CourseRec is at", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
