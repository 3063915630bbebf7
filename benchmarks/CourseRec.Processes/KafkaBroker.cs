using System.Globalization;

namespace CourseRec.Processes;

/// <summary>
/// A real Apache Kafka on a folder and ports of its own, run by <c>scripts/kafka</c>; it ends with this process,
/// however that ends.
/// </summary>
/// <param name="folder">Where its data are, and stay; null: it lives for a test.</param>
public sealed class KafkaBroker(string? folder) : LocalServer("kafka", folder)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>The client settings that a broker of its age needs, by librdkafka's names.</summary>
    public IReadOnlyDictionary<string, string> ClientSettings { get; private set; } = new Dictionary<string, string>();

    /// <summary>A node's options to use it, by path.</summary>
    public KeyValuePair<string, string?>[] Options => [new("Kafka:BootstrapServers", Address), .. ClientOptions];

    /// <summary>What a node, or another verb, is told to use it.</summary>
    public string[] NodeFlags => ["--kafka", Address, .. NodeProcess.FlagsOf(ClientOptions)];

    /// <summary>Where its ZooKeeper listens, for Kafka's own tools.</summary>
    public string ZooKeeper => File.ReadAllText(Path.Combine(Folder, "zookeeper.address")).Trim();

    /// <inheritdoc/>
    protected override int ProcessId =>
        int.Parse(File.ReadAllText(Path.Combine(Folder, "kafka.pid")), CultureInfo.InvariantCulture);

    private IEnumerable<KeyValuePair<string, string?>> ClientOptions =>
        ClientSettings.Select(setting => KeyValuePair.Create($"Kafka:Client:{setting.Key}", (string?)setting.Value));

    /// <summary>Starts a broker without topics that lives for a test.</summary>
    public static async Task<KafkaBroker> StartAsync()
    {
        var broker = new KafkaBroker(folder: null);
        await broker.StartAgainAsync();
        return broker;
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancel)
    {
        // The first start sees to it that the broker ends with this process.
        string[] until = Address.Length == 0 ? [Environment.ProcessId.ToString(CultureInfo.InvariantCulture)] : [];
        var output = await RunAsync(["up", Folder, .. until], cancel: cancel);
        if (Address.Length == 0)
            ClientSettings = ReadSettings(await RunAsync(["settings"], cancel: cancel));
        Address = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    /// <inheritdoc/>
    public override Task StopAsync() => RunAsync(["down", Folder]);

    /// <inheritdoc/>
    public override async Task KillAsync()
    {
        var process = ProcessId;
        Signals.Send(process, Signals.Kill);
        while (IsAlive(process))
            await Task.Delay(Poll, TimeProvider.System);
    }

    /// <summary>Creates a topic.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="partitions">How many partitions it has.</param>
    /// <param name="cancel">Gives up.</param>
    /// <param name="settings">Topic settings, as <c>retention.ms=1000</c>.</param>
    public Task CreateTopicAsync(
        string name,
        int partitions,
        CancellationToken cancel = default,
        params string[] settings
    ) =>
        RunAsync(
            [
                "topic",
                Folder,
                name,
                partitions.ToString(CultureInfo.InvariantCulture),
                .. settings.SelectMany(setting => new[] { "--config", setting }),
            ],
            cancel: cancel
        );

    /// <summary>Runs <c>kafka.admin.TopicCommand</c> on this broker.</summary>
    public Task TopicAsync(params string[] arguments) =>
        ToolAsync(["kafka.admin.TopicCommand", "--zookeeper", ZooKeeper, .. arguments]);

    /// <summary>Runs one of Kafka's own tools, as <c>kafka.admin.TopicCommand</c>; answers what it printed.</summary>
    public Task<string> ToolAsync(params string[] arguments) => RunAsync(["tool", .. arguments]);

    /// <summary>Writes lines to a topic with Java's console producer, as a partner's platform would.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="lines">The values; with <c>key|</c> in front when <paramref name="withKeys"/>.</param>
    /// <param name="withKeys">Whether the lines carry keys; Java's own partitioner goes by them.</param>
    public Task ProduceAsync(string topic, IEnumerable<string> lines, bool withKeys) =>
        RunAsync(
            [
                "tool",
                "kafka.tools.ConsoleProducer",
                "--request-required-acks",
                "1",
                "--broker-list",
                Address,
                "--topic",
                topic,
                .. withKeys ? (string[])["--property", "parse.key=true", "--property", "key.separator=|"] : [],
            ],
            string.Join('\n', lines) + "\n"
        );

    /// <inheritdoc/>
    protected override Task EndAsync() => StopAsync();

    private static Dictionary<string, string> ReadSettings(string flags) =>
        flags
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(flag => flag.StartsWith("Kafka:Client:", StringComparison.Ordinal))
            .Select(flag => flag["Kafka:Client:".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

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

    private Task<string> RunAsync(string[] arguments, string input = "", CancellationToken cancel = default) =>
        Subprocess.SucceedAsync(Script(arguments), input, cancel);
}
