using System.Diagnostics;
using System.Globalization;

namespace CourseRec.TestSupport.Kafka;

/// <summary>
/// A real Apache Kafka on a folder and ports of its own, run by <c>scripts/kafka</c>; it ends with this process,
/// however that ends.
/// </summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    private static readonly string Script = Repository.PathOf("scripts", "kafka");
    private readonly string _folder = Directory.CreateTempSubdirectory("courserec-kafka-").FullName;

    private KafkaBroker() { }

    /// <summary>Where it listens: <c>host:port</c>. Stays the same when it starts again.</summary>
    public string BootstrapServers { get; private set; } = "";

    /// <summary>The client settings that a broker of its age needs, by librdkafka's names.</summary>
    public IReadOnlyDictionary<string, string> ClientSettings { get; private set; } = new Dictionary<string, string>();

    /// <summary>The same as options of <c>courserec node</c>.</summary>
    public IReadOnlyList<string> NodeFlags =>
        [
            "--kafka",
            BootstrapServers,
            .. ClientSettings.SelectMany(s => new[] { "--set", $"Kafka:Client:{s.Key}={s.Value}" }),
        ];

    /// <summary>Where its ZooKeeper listens, for Kafka's own tools.</summary>
    public string ZooKeeper => File.ReadAllText(Path.Combine(_folder, "zookeeper.address")).Trim();

    /// <summary>Starts a broker without topics.</summary>
    public static async Task<KafkaBroker> StartAsync()
    {
        var broker = new KafkaBroker();
        await broker.StartAgainAsync();
        broker.ClientSettings = ReadSettings(await RunAsync("settings"));
        return broker;
    }

    /// <summary>Runs one of Kafka's own tools, as <c>kafka.admin.TopicCommand</c>; answers what it printed.</summary>
    public static Task<string> ToolAsync(params string[] arguments) => RunAsync(["tool", .. arguments]);

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
                BootstrapServers,
                "--topic",
                topic,
                .. withKeys ? (string[])["--property", "parse.key=true", "--property", "key.separator=|"] : [],
            ],
            string.Join('\n', lines) + "\n"
        );

    /// <summary>Starts it again where it was, with the data it had.</summary>
    public async Task StartAgainAsync()
    {
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var output = await RunAsync("up", _folder, process);
        BootstrapServers = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
    }

    /// <summary>Stops it in good order.</summary>
    public Task StopAsync() => RunAsync("down", _folder);

    /// <summary>Kills it.</summary>
    public void Kill() => Send(Signals.Kill);

    /// <summary>Halts it: its connections stay open, and nothing is answered.</summary>
    public void Freeze() => Send(Signals.Freeze);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Send(Signals.Thaw);

    /// <summary>Creates a topic.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="partitions">How many partitions it has.</param>
    /// <param name="settings">Topic settings, as <c>retention.ms=1000</c>.</param>
    public Task CreateTopicAsync(string name, int partitions, params string[] settings) =>
        RunAsync([
            "topic",
            _folder,
            name,
            partitions.ToString(CultureInfo.InvariantCulture),
            .. settings.SelectMany(setting => new[] { "--config", setting }),
        ]);

    /// <summary>Runs <c>kafka.admin.TopicCommand</c> on this broker.</summary>
    public Task TopicAsync(params string[] arguments) =>
        ToolAsync(["kafka.admin.TopicCommand", "--zookeeper", ZooKeeper, .. arguments]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static Dictionary<string, string> ReadSettings(string flags) =>
        flags
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(flag => flag.StartsWith("Kafka:Client:", StringComparison.Ordinal))
            .Select(flag => flag["Kafka:Client:".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    private static Task<string> RunAsync(params string[] arguments) => RunAsync(arguments, "");

    private static async Task<string> RunAsync(string[] arguments, string input)
    {
        var start = new ProcessStartInfo(Script, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        Java.Configure(start);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException(
                $"scripts/kafka {string.Join(' ', arguments)}: {await output}{await error}"
            );
    }

    private void Send(int signal)
    {
        var pid = int.Parse(File.ReadAllText(Path.Combine(_folder, "kafka.pid")), CultureInfo.InvariantCulture);
        Signals.Send(pid, signal);
    }
}
