using System.Diagnostics;

namespace CourseRec.Processes;

/// <summary>A real server on a folder and ports of its own: stopped or killed, it starts again where it was.</summary>
public abstract class LocalServer : IAsyncDisposable
{
    private const string JavaOptions = "JDK_JAVA_OPTIONS";
    private readonly string _script;
    private readonly bool _isShortLived;

    /// <summary>Makes it; nothing is started yet.</summary>
    /// <param name="script">The script that runs it.</param>
    /// <param name="folder">
    /// Where its data are, and stay. Null: it lives for a test, and its folder goes with it.
    /// </param>
    protected LocalServer(string script, string? folder)
    {
        (_script, _isShortLived) = (script, folder is null);
        Folder = Directory.CreateDirectory(folder ?? Directory.CreateTempSubdirectory("courserec-").FullName).FullName;
    }

    /// <summary>Where it listens, <c>host:port</c>, once it was started; stays the same.</summary>
    public string Address { get; private protected set; } = "";

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Its folder.</summary>
    protected string Folder { get; }

    /// <summary>Its process, while it runs.</summary>
    protected abstract int ProcessId { get; }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    /// <exception cref="ProcessException">It did not start; the message has what it said.</exception>
    public abstract Task StartAsync(CancellationToken cancel);

    /// <summary>Starts it again after it was stopped or killed, with the data it had.</summary>
    public Task StartAgainAsync() => StartAsync(CancellationToken.None);

    /// <summary>Stops it in good order.</summary>
    public abstract Task StopAsync();

    /// <summary>Kills it.</summary>
    public abstract Task KillAsync();

    /// <summary>Halts it: its connections stay open, and nothing is answered.</summary>
    public void Freeze() => Signals.Freeze(ProcessId);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signals.Send(ProcessId, Signals.Thaw);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_isShortLived)
            Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends it for good.</summary>
    protected abstract Task EndAsync();

    /// <summary>Its script, which runs on Java.</summary>
    /// <param name="arguments">What it is told.</param>
    /// <param name="options">More options for Java.</param>
    protected ProcessStartInfo Script(IEnumerable<string> arguments, params string[] options)
    {
        var start = new ProcessStartInfo(Repository.PathOf("scripts", _script), arguments);
        if (options.Length > 0)
            start.Environment[JavaOptions] = string.Join(
                ' ',
                [Environment.GetEnvironmentVariable(JavaOptions), .. options]
            );
        return start;
    }
}
