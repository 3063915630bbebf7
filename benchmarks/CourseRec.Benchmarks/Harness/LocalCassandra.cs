using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Harness;

/// <summary>A Cassandra by <c>scripts/cassandra</c>. An acknowledged write is on its disk.</summary>
internal sealed class LocalCassandra(Checkout checkout, string folder) : ILocalServer
{
    private const string Host = "127.0.0.1";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private Process? _process;

    /// <inheritdoc/>
    public string Name => "Cassandra";

    /// <inheritdoc/>
    public string Address { get; private set; } = "";

    private string PortFile => Path.Combine(folder, "port");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancel)
    {
        File.Delete(PortFile);
        _process = Process.Start(checkout.Script("cassandra"), ["run", "--dir", folder, "--heap", "384m"]);
        var began = Stopwatch.GetTimestamp();
        while (!await AcceptsAsync(cancel))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new CliException($"Cassandra did not start: {LastLine()}");
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync() => EndAsync(Signals.Terminate);

    /// <inheritdoc/>
    public Task KillAsync() => EndAsync(Signals.Kill);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await KillAsync();

    // The script becomes the server: its process is the server's.
    private async Task EndAsync(int signal)
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            Signals.Send(_process.Id, signal);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    private async Task<bool> AcceptsAsync(CancellationToken cancel)
    {
        if (
            !File.Exists(PortFile)
            || !int.TryParse(await File.ReadAllTextAsync(PortFile, cancel), CultureInfo.InvariantCulture, out var port)
        )
            return false;
        Address = string.Create(CultureInfo.InvariantCulture, $"{Host}:{port}");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Host, port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string LastLine() =>
        Directory.GetFiles(folder, "*.log").SelectMany(File.ReadLines).LastOrDefault() ?? "it said nothing";
}
