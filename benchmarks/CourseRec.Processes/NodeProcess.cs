using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace CourseRec.Processes;

/// <summary>A real node on a folder and a port of its own; ended by its process id.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    private const int LinesShown = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TextWriter? _log;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(string program, string dataDir, int port, IEnumerable<string> flags, string? log)
    {
        Url = UrlOf(port);
        if (log is not null)
            _log = TextWriter.Synchronized(new StreamWriter(log, append: true) { AutoFlush = true });
        string[] place = ["--data-dir", dataDir, "--urls", Url.GetLeftPart(UriPartial.Authority)];
        _process = Subprocess.Start(new(program, ["node", .. place, .. flags]), OnLine, OnLine);
        Id = _process.Id;
        Ended = EndedAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>Its process's id.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code when it has ended.</summary>
    public Task<int> Ended { get; }

    /// <summary>The end of what it said.</summary>
    public string LastLines => string.Join('\n', _lines.TakeLast(LinesShown));

    /// <summary>The last line that it said.</summary>
    public string? LastLine => _lines.LastOrDefault();

    /// <summary>What it said.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Whether it was frozen, and not thawed yet.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime => Refreshed().TotalProcessorTime;

    /// <summary>Its memory, in bytes.</summary>
    public long WorkingSet => Refreshed().WorkingSet64;

    /// <summary>Where a node on a port listens.</summary>
    public static Uri UrlOf(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    /// <summary>What a node is told so that it has these options.</summary>
    public static IEnumerable<string> FlagsOf<T>(IEnumerable<KeyValuePair<string, T>> options) =>
        options.SelectMany(option => new[] { "--set", $"{option.Key}={option.Value}" });

    /// <summary>Starts a node and waits until it says where it is.</summary>
    /// <exception cref="ProcessException">It did not start; the message has what it said.</exception>
    public static Task<NodeProcess> StartAsync(string dataDir, int port, params string[] flags) =>
        StartProgramAsync(Courserec.Launcher, dataDir, port, flags);

    /// <summary>The same of another copy of the program, or with a log.</summary>
    /// <param name="program">The program.</param>
    /// <param name="dataDir">Its folder.</param>
    /// <param name="port">Where it is to listen.</param>
    /// <param name="flags">What else it is told.</param>
    /// <param name="log">A file that gets what it says, each line with its time; null: none.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="begun">Told its process's id at once.</param>
    /// <exception cref="ProcessException">It did not start; the message has what it said.</exception>
    public static async Task<NodeProcess> StartProgramAsync(
        string program,
        string dataDir,
        int port,
        IEnumerable<string> flags,
        string? log = null,
        CancellationToken cancel = default,
        Action<int>? begun = null
    )
    {
        var node = new NodeProcess(program, dataDir, port, flags, log);
        begun?.Invoke(node.Id);
        try
        {
            await Task.WhenAny(node._ready.Task, node._process.WaitForExitAsync(cancel)).WaitAsync(Patience, cancel);
            return node._ready.Task.IsCompleted
                ? node
                : throw new ProcessException($"The node at {node.Url} did not start: {node.Output}");
        }
        catch (Exception e)
        {
            await node.DisposeAsync();
            throw e is TimeoutException
                ? new ProcessException($"{node.Url} was not ready in {Patience.TotalSeconds} s: {node.Output}", e)
                : e;
        }
    }

    /// <summary>The lines that have a text in them.</summary>
    public string[] LinesWith(string text) => [.. _lines.Where(line => line.Contains(text, StringComparison.Ordinal))];

    /// <summary>Halts it: its connections stay open, and nothing is answered.</summary>
    public void Freeze()
    {
        IsFrozen = true;
        Signals.Freeze(_process.Id);
    }

    /// <summary>Lets it go on.</summary>
    public void Thaw()
    {
        Signals.Send(_process.Id, Signals.Thaw);
        IsFrozen = false;
    }

    /// <summary>Sends a signal and waits for the end. Answers the exit code.</summary>
    /// <exception cref="ProcessException">It did not end.</exception>
    public Task<int> EndAsync(int signal)
    {
        if (!Ended.IsCompleted)
            Signals.Send(Id, signal);
        return EndAsync();
    }

    /// <summary>Waits until it ends by itself. Answers the exit code.</summary>
    /// <exception cref="ProcessException">It did not end.</exception>
    public async Task<int> EndAsync()
    {
        try
        {
            return await Ended.WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            throw new ProcessException($"{Url} did not end in {Patience.TotalSeconds} s.", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!Ended.IsCompleted)
            _process.Kill();
        await Ended;
        _process.Dispose();
        if (_log is not null)
            await _log.DisposeAsync();
    }

    private async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }

    private void OnLine(string line)
    {
        _lines.Enqueue(line);
        _log?.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}")
        );
        if (line.Contains("CourseRec is at", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
