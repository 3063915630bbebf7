using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CourseRec.Node.Cli;
using CourseRec.Node.Cli.Targets;

namespace CourseRec.Node.Bench;

/// <summary>A real node in a process of its own, on a folder and a port of its own, gone afterwards.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _folder;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string _lastLine = "it said nothing";

    private BenchNode(bool trains, string[] flags)
    {
        _folder = Directory.CreateTempSubdirectory("courserec-bench-").FullName;
        Url = new Uri($"http://127.0.0.1:{FreePort()}");
        Target = new HttpTarget(Url, TimeProvider.System);
        _process = Process.Start(StartInfo(trains, flags))!;
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => OnLine(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public Uri Url { get; }

    /// <summary>The node, as the command line sees it.</summary>
    public HttpTarget Target { get; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a node and waits until it is ready.</summary>
    /// <param name="trains">Whether it learns while it serves.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="flags">What else it is told.</param>
    /// <exception cref="CliException">It did not start; the message has its last line.</exception>
    public static async Task<BenchNode> StartAsync(bool trains, CancellationToken cancel, params string[] flags)
    {
        var node = new BenchNode(trains, flags);
        try
        {
            await Task.WhenAny(node._ready.Task, node._process.WaitForExitAsync(cancel)).WaitAsync(Patience, cancel);
            return node._ready.Task.IsCompleted
                ? node
                : throw new CliException($"The node to measure did not start: {node._lastLine}");
        }
        catch (Exception e)
        {
            await node.DisposeAsync();
            throw e is TimeoutException
                ? new CliException(
                    $"The node to measure was not ready in {Patience.TotalSeconds} s: {node._lastLine}",
                    e
                )
                : e;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ProcessStartInfo StartInfo(bool trains, string[] flags)
    {
        string[] training = trains ? [] : ["--no-training"];
        string[] place = ["--data-dir", _folder, "--urls", Url.ToString().TrimEnd('/')];
        return new(Environment.ProcessPath!, ["node", "--no-simulation", .. training, .. place, .. flags])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private void OnLine(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _lastLine = line;
        if (line.Contains("CourseRec is at", StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
