using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace CourseRec.Processes;

/// <summary>
/// A real Cassandra on a folder and free ports of its own (<c>scripts/cassandra run</c>), ended by its process id. An
/// acknowledged write is on disk, and the port stays over restarts.
/// </summary>
/// <param name="folder">Where its data are, and stay; null: it lives for a test.</param>
/// <param name="options">How it is; null: as it comes.</param>
public sealed class CassandraServer(string? folder, CassandraServerOptions? options = null)
    : LocalServer("cassandra", folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly CassandraServerOptions _options = options ?? new();
    private Process? _process;

    /// <summary>The port for clients.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    protected override int ProcessId => _process?.Id ?? throw new InvalidOperationException("Cassandra does not run.");

    private string PortFile => Path.Combine(Folder, "port");

    /// <summary>Starts a new server that lives for a test.</summary>
    public static async Task<CassandraServer> StartAsync(CassandraServerOptions? options = null)
    {
        var server = new CassandraServer(folder: null, options);
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

    /// <summary>The same with CourseRec's tables in it, ready for a node.</summary>
    public static async Task<CassandraServer> StartMigratedAsync()
    {
        var server = await StartAsync();
        await server.MigrateAsync(CancellationToken.None);
        return server;
    }

    /// <summary>Makes CourseRec's tables in it.</summary>
    public Task MigrateAsync(CancellationToken cancel) =>
        Courserec.SucceedAsync(["migrate", "--cassandra", Address], cancel);

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancel)
    {
        if (await TryStartAsync(StartPatience, cancel))
            return;
        // So old a server hangs now and then while it starts, and says nothing.
        await KillAsync();
        if (!await TryStartAsync(Patience, cancel))
            throw new ProcessException($"Cassandra did not start: {LastLines()}");
    }

    /// <inheritdoc/>
    public override Task StopAsync() => EndAsync(Signals.Terminate);

    /// <inheritdoc/>
    public override Task KillAsync() => EndAsync(Signals.Kill);

    /// <inheritdoc/>
    protected override Task EndAsync() => KillAsync();

    private async Task<bool> TryStartAsync(TimeSpan patience, CancellationToken cancel)
    {
        File.Delete(PortFile);
        string[] arguments = ["run", "--dir", Folder, "--heap", "384m", .. NodeProcess.FlagsOf(_options.Settings)];
        string[] java = _options.IsSchemaVolatile ? ["-Dcassandra.unsafesystem=true"] : [];
        _process = Process.Start(Script(arguments, java))!;
        var began = Stopwatch.GetTimestamp();
        while (!await AcceptsAsync(cancel))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > patience)
                return false;
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
        return true;
    }

    // The script becomes the server: its process is the server's.
    private async Task EndAsync(int signal)
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            Signals.Send(_process.Id, signal);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        _process.Dispose();
        _process = null;
    }

    private async Task<bool> AcceptsAsync(CancellationToken cancel)
    {
        if (!File.Exists(PortFile) || !int.TryParse(await File.ReadAllTextAsync(PortFile, cancel), out var port))
            return false;
        Port = port;
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string LastLines()
    {
        var lines = Directory.GetFiles(Folder, "*.log").SelectMany(log => File.ReadLines(log).TakeLast(20)).ToArray();
        return lines.Length > 0 ? string.Join('\n', lines) : "it said nothing";
    }
}
