using System.Diagnostics;
using System.Net.Sockets;

namespace CourseRec.TestSupport.Cassandra;

/// <summary>
/// A real Cassandra on a folder and free ports of its own (<c>scripts/cassandra run</c>), ended by its process id. An
/// acknowledged write is on disk, and the port stays over restarts.
/// </summary>
public sealed class CassandraServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly string _folder = Directory.CreateTempSubdirectory("courserec-cassandra-").FullName;
    private readonly CassandraServerOptions _options;
    private Process? _process;

    private CassandraServer(CassandraServerOptions options) => _options = options;

    /// <summary>Where it listens.</summary>
    public string Host => "127.0.0.1";

    /// <summary>The port for clients.</summary>
    public int Port { get; private set; }

    /// <summary>Host and port, as <c>--cassandra</c> takes them.</summary>
    public string Address => $"{Host}:{Port}";

    /// <summary>Starts a new server and waits until it takes connections.</summary>
    public static async Task<CassandraServer> StartAsync(CassandraServerOptions? options = null)
    {
        var server = new CassandraServer(options ?? new CassandraServerOptions());
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again on its data and port after it was stopped or killed.</summary>
    public async Task StartAgainAsync()
    {
        await WaitForEndAsync();
        File.Delete(PortFile);
        _process = Process.Start(StartInfo())!;
        var watch = Stopwatch.StartNew();
        while (!await AcceptsAsync())
        {
            if (_process.HasExited || watch.Elapsed > Patience)
                throw new InvalidOperationException($"Cassandra did not start in {watch.Elapsed}:\n{LastLines()}");
            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    /// <summary>Ends it in good order.</summary>
    public Task StopAsync()
    {
        Signal(Signals.Terminate);
        return WaitForEndAsync();
    }

    /// <summary>Ends it at once.</summary>
    public void Kill() => Signal(Signals.Kill);

    /// <summary>Stops it where it is: connections stay, nothing is answered.</summary>
    public void Freeze() => Signal(Signals.Freeze);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Signal(Signals.Thaw);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await WaitForEndAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string PortFile => Path.Combine(_folder, "port");

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(Repository.PathOf("scripts", "cassandra"));
        string[] arguments = ["run", "--dir", _folder, "--heap", _options.Heap, .. Settings()];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        Java.Configure(start, _options.IsSchemaVolatile ? ["-Dcassandra.unsafesystem=true"] : []);
        return start;
    }

    private IEnumerable<string> Settings() =>
        _options.Settings.SelectMany(setting => new[] { "--set", $"{setting.Key}={setting.Value}" });

    private async Task<bool> AcceptsAsync()
    {
        if (!File.Exists(PortFile) || !int.TryParse(await File.ReadAllTextAsync(PortFile), out var port))
            return false;
        Port = port;
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Host, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task WaitForEndAsync()
    {
        if (_process is null)
            return;
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    private void Signal(int signal)
    {
        if (_process is { HasExited: false })
            Signals.Send(_process.Id, signal);
    }

    private string LastLines()
    {
        var lines = Directory.GetFiles(_folder, "*.log").SelectMany(log => File.ReadLines(log).TakeLast(20));
        return string.Join('\n', lines);
    }
}
