using System.Globalization;

namespace CourseRec.Node.Bench.Cluster;

/// <summary>A broker by <c>scripts/kafka</c>. It ends with this process, however that ends.</summary>
internal sealed class LocalKafka(Checkout checkout, string folder) : ILocalServer
{
    private string[] _settings = [];

    /// <inheritdoc/>
    public string Name => "Kafka";

    /// <inheritdoc/>
    public string Address { get; private set; } = "";

    /// <summary>What a node is told to use it.</summary>
    public string[] NodeFlags => ["--kafka", Address, .. _settings];

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancel)
    {
        // The first start sees to it that the broker ends with this process.
        string[] until = Address.Length == 0 ? [Environment.ProcessId.ToString(CultureInfo.InvariantCulture)] : [];
        var output = await RunAsync(["up", folder, .. until], cancel);
        Address = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        if (_settings.Length == 0)
            _settings = (await RunAsync(["settings"], cancel)).Split(
                (char[]?)null,
                StringSplitOptions.RemoveEmptyEntries
            );
    }

    /// <summary>Creates a topic.</summary>
    public Task CreateTopicAsync(string name, int partitions, CancellationToken cancel) =>
        RunAsync(
            [
                "tool",
                "kafka.admin.TopicCommand",
                "--zookeeper",
                File.ReadAllText(Path.Combine(folder, "zookeeper.address")).Trim(),
                "--create",
                "--topic",
                name,
                "--partitions",
                partitions.ToString(CultureInfo.InvariantCulture),
                "--replication-factor",
                "1",
            ],
            cancel
        );

    /// <inheritdoc/>
    public Task StopAsync() => RunAsync(["down", folder], CancellationToken.None);

    /// <inheritdoc/>
    public Task KillAsync()
    {
        var process = File.ReadAllText(Path.Combine(folder, "kafka.pid"));
        Signals.Send(int.Parse(process, CultureInfo.InvariantCulture), Signals.Kill);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private Task<string> RunAsync(string[] arguments, CancellationToken cancel) =>
        Subprocess.RunAsync(checkout.Script("kafka"), arguments, cancel);
}
