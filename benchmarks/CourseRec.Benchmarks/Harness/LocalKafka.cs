using System.Globalization;

namespace CourseRec.Benchmarks.Harness;

/// <summary>A broker by <c>scripts/kafka</c>. It ends with this process, however that ends.</summary>
internal sealed class LocalKafka(Checkout checkout, string folder) : ILocalServer
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private KeyValuePair<string, string?>[] _settings = [];

    /// <inheritdoc/>
    public string Name => "Kafka";

    /// <inheritdoc/>
    public string Address { get; private set; } = "";

    /// <summary>A node's options to use it, by path.</summary>
    public KeyValuePair<string, string?>[] Options => [new("Kafka:BootstrapServers", Address), .. _settings];

    /// <summary>What a node is told to use it.</summary>
    public string[] NodeFlags => ["--kafka", Address, .. LocalNode.FlagsOf(_settings)];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancel)
    {
        // The first start sees to it that the broker ends with this process.
        string[] until = Address.Length == 0 ? [Environment.ProcessId.ToString(CultureInfo.InvariantCulture)] : [];
        var output = await RunAsync(["up", folder, .. until], cancel);
        Address = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        if (_settings.Length == 0)
            _settings =
            [
                .. (await RunAsync(["settings"], cancel))
                    .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    .Where(word => word != "--set")
                    .Select(setting => setting.Split('=', 2))
                    .Select(setting => KeyValuePair.Create(setting[0], (string?)setting[1])),
            ];
    }

    /// <summary>Creates a topic.</summary>
    public Task CreateTopicAsync(string name, int partitions, CancellationToken cancel) =>
        RunAsync(["topic", folder, name, partitions.ToString(CultureInfo.InvariantCulture)], cancel);

    /// <inheritdoc/>
    public Task StopAsync() => RunAsync(["down", folder], CancellationToken.None);

    /// <inheritdoc/>
    public async Task KillAsync()
    {
        var process = int.Parse(File.ReadAllText(Path.Combine(folder, "kafka.pid")), CultureInfo.InvariantCulture);
        Signals.Send(process, Signals.Kill);
        while (IsAlive(process))
            await Task.Delay(Poll, TimeProvider.System);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    // A process that has ended, and was not collected by its parent yet, has no command line.
    private static bool IsAlive(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Task<string> RunAsync(string[] arguments, CancellationToken cancel) =>
        Subprocess.RunAsync(checkout.Script("kafka"), arguments, cancel);
}
