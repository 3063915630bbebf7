using CourseRec.Cli.Targets;

namespace CourseRec.Benchmarks.Harness;

/// <summary>A real node in a process of its own, on a folder and a port of its own, gone afterwards.</summary>
internal sealed class BenchNode : IAsyncDisposable
{
    private readonly NodeProcess _node;
    private readonly TemporaryFolder _folder;

    private BenchNode(NodeProcess node, TemporaryFolder folder)
    {
        (_node, _folder) = (node, folder);
        Target = new HttpTarget(Url, TimeProvider.System);
    }

    /// <summary>Where it listens.</summary>
    public Uri Url => _node.Url;

    /// <summary>The node, as the command line sees it.</summary>
    public HttpTarget Target { get; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime => _node.ProcessorTime;

    /// <summary>Starts a node and waits until it is ready.</summary>
    /// <param name="trains">Whether it learns while it serves.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="flags">What else it is told.</param>
    /// <exception cref="ProcessException">It did not start; the message has what it said.</exception>
    public static async Task<BenchNode> StartAsync(bool trains, CancellationToken cancel, params string[] flags)
    {
        var folder = new TemporaryFolder();
        string[] training = trains ? [] : ["--no-training"];
        try
        {
            return new(
                await NodeProcess.StartProgramAsync(
                    Courserec.Launcher,
                    folder.Path,
                    FreePorts.One(),
                    ["--no-simulation", .. training, .. flags],
                    cancel: cancel
                ),
                folder
            );
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Target.DisposeAsync();
        await _node.DisposeAsync();
        _folder.Dispose();
    }
}
