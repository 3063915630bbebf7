using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using CourseRec.Node.Hosting;
using CourseRec.Node.Kafka;
using CourseRec.Node.Options;
using Microsoft.Extensions.DependencyInjection;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace CourseRec.Node.Tests.Operations;

/// <summary>
/// What stands in <c>docker/</c> belongs together, and to what a node exports. That compose accepts it is checked by
/// <c>./test</c>.
/// </summary>
public sealed partial class ComposeTests
{
    private const string Dashboard = "grafana/dashboards/courserec.json";

    [Fact]
    public async Task Every_metric_of_the_dashboard_and_the_alerts_is_one_that_a_node_exports()
    {
        var exported = await ExportedAsync();
        foreach (var file in new[] { Dashboard, "alerts.yml" })
        {
            var used = Expressions(file).SelectMany(MetricsOf).Distinct().ToArray();
            Assert.True(used.Length > 10, $"{file}: only {used.Length} metrics");
            var unknown = used.Except(exported).ToArray();
            Assert.True(unknown.Length == 0, $"{file}: no node exports {string.Join(", ", unknown)}");
        }
    }

    [Fact]
    public void Every_panel_asks_the_provisioned_data_source()
    {
        var provisioned = Uid().Match(Read("grafana/provisioning/datasources/prometheus.yml")).Groups[1].Value;
        Assert.NotEmpty(Panels());
        foreach (var panel in Panels())
        foreach (var asks in Targets(panel).Prepend(panel))
            Assert.Equal(provisioned, asks.GetProperty("datasource").GetProperty("uid").GetString());
    }

    [Fact]
    public void The_load_balancer_and_Prometheus_know_every_node()
    {
        var nodes = NodeUrls().Matches(Read("compose.yaml")).Select(match => match.Groups[1].Value).ToArray();
        var scraped = Addresses().Matches(Read("prometheus.yml")).Select(match => match.Value);
        var balanced = Addresses().Matches(Read("haproxy.cfg")).Select(match => match.Value).Distinct();
        Assert.Equal(4, nodes.Length);
        Assert.Equal(nodes, scraped);
        Assert.Equal(nodes[..3], balanced); // The last is the trainer, which takes no clients.
    }

    [Fact]
    public void Every_node_takes_its_options_and_the_seeds_are_the_first_nodes()
    {
        var nodes = Nodes();
        Assert.Equal(["node1", "node2", "node3", "trainer"], nodes.Keys);
        var addresses = nodes.Values.Select(node => node.Cluster.Address).ToArray();
        Assert.Equal(4, addresses.Distinct().Count());
        foreach (var (name, node) in nodes)
        {
            Assert.Equal(name, node.Cluster.NodeId);
            Assert.Equal(addresses[..3], node.Cluster.Seeds);
        }
        Assert.True(nodes["trainer"].OnlyTrains);
    }

    [Fact]
    public void A_node_that_ends_is_started_again_whatever_its_exit_code()
    {
        var nodes = Services().Where(service => service.Value.GetValueOrDefault("command") is "node").ToArray();
        Assert.Equal(4, nodes.Length);
        Assert.All(nodes, node => Assert.Equal("always", node.Value["restart"]));
    }

    [Fact]
    public void Every_file_that_compose_mounts_is_there()
    {
        var mounted = Mounts().Matches(Read("compose.yaml")).Select(match => PathOf(match.Groups[1].Value)).ToArray();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, path => Assert.True(Path.Exists(path), path));
    }

    private static Dictionary<string, NodeOptions> Nodes() =>
        Services()
            .Where(service => service.Value.GetValueOrDefault("command") is "node")
            .ToDictionary(
                service => service.Key,
                service =>
                    DeployedOptions.Read(
                        ((Dictionary<object, object>)service.Value["environment"]).Select(variable =>
                            KeyValuePair.Create((string)variable.Key, Defaults().Replace((string)variable.Value, "$1"))
                        )
                    )
            );

    private static Dictionary<string, Dictionary<string, object>> Services()
    {
        var text = new MergingParser(new Parser(new StringReader(Read("compose.yaml"))));
        // All of it: what is left out is not searched for anchors.
        var whole = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(text);
        return Named(whole["services"]).ToDictionary(service => service.Key, service => Named(service.Value));
    }

    /// <summary>
    /// The names of all series that a node can export. Of every instrument that there is, used here or not (as Kafka's
    /// are not), the node measures one just like it, so that the names are the exporter's own.
    /// </summary>
    private static async Task<string[]> ExportedAsync()
    {
        using var topic = new KafkaRecommendations(
            new() { BootstrapServers = "127.0.0.1:1", RecommendationsTopic = "recommendations" }
        );
        await using var node = await TestNode.StartAsync();
        await using var client = await HubClient.ConnectAsync(node.Url, "u");
        await node.PostAsync("/v1/events", """{"user":"u","course":"c","type":"click"}""");
        await node.Http.GetStringAsync("/metrics");
        foreach (var holder in HoldersOfMeters())
            RuntimeHelpers.RunClassConstructor(holder.TypeHandle);
        var twins = node.Services.GetRequiredService<IMeterFactory>().Create("CourseRec.Twins");
        foreach (var instrument in Instruments())
            Measure(twins, instrument);
        var text = await node.Http.GetStringAsync("/metrics");
        return
        [
            .. Families().Matches(text).SelectMany(family => Series(family.Groups[1].Value, family.Groups[2].Value)),
        ];
    }

    private static Instrument[] Instruments()
    {
        var published = new List<Instrument>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name.StartsWith("CourseRec.", StringComparison.Ordinal))
                    published.Add(instrument);
            },
        };
        listener.Start();
        return [.. published];
    }

    private static void Measure(Meter meter, Instrument like)
    {
        var (kind, name, unit) = (like.GetType().Name, like.Name, like.Unit);
        if (kind.Contains("UpDownCounter", StringComparison.Ordinal))
            meter.CreateUpDownCounter<long>(name, unit).Add(1);
        else if (kind.Contains("Counter", StringComparison.Ordinal))
            meter.CreateCounter<long>(name, unit).Add(1);
        else if (kind.Contains("Histogram", StringComparison.Ordinal))
            meter.CreateHistogram<double>(name, unit).Record(1);
        else
            meter.CreateGauge<double>(name, unit).Record(1);
    }

    private static IEnumerable<string> Series(string family, string kind) =>
        kind == "histogram" ? [$"{family}_bucket", $"{family}_sum", $"{family}_count"] : [family];

    private static IEnumerable<Type> HoldersOfMeters() =>
        typeof(Program)
            .Assembly.GetReferencedAssemblies()
            .Where(name => name.Name!.StartsWith("CourseRec.", StringComparison.Ordinal))
            .SelectMany(name => Assembly.Load(name).GetTypes())
            .Where(type =>
                type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                    .Any(field => field.FieldType == typeof(Meter))
            );

    private static string[] Expressions(string file) =>
        file == Dashboard
            ? [.. Panels().SelectMany(Targets).Select(target => target.GetProperty("expr").GetString()!)]
            : [.. Rules().Matches(Read(file)).Select(rule => rule.Groups[1].Value)];

    private static IEnumerable<string> MetricsOf(string expression) =>
        Metrics().Matches(Labels().Replace(expression, "")).Select(match => match.Value);

    private static JsonElement[] Panels() =>
        [
            .. JsonDocument
                .Parse(Read(Dashboard))
                .RootElement.GetProperty("panels")
                .EnumerateArray()
                .Where(panel => panel.GetProperty("type").GetString() != "row"),
        ];

    private static IEnumerable<JsonElement> Targets(JsonElement panel) => panel.GetProperty("targets").EnumerateArray();

    private static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string PathOf(string file) => Repository.PathOf("docker", file);

    [GeneratedRegex("\\b[a-z]+_[a-z0-9_]+\\b(?! *\\()")]
    private static partial Regex Metrics();

    [GeneratedRegex("\\{[^}]*\\}|by \\([^)]*\\)|\\[[^\\]]*\\]")]
    private static partial Regex Labels();

    [GeneratedRegex("^ *expr: ([^\n]*(?:\n {10,}[^\n]*)*)", RegexOptions.Multiline)]
    private static partial Regex Rules();

    private static Dictionary<string, object> Named(object mapping) =>
        ((Dictionary<object, object>)mapping).ToDictionary(entry => (string)entry.Key, entry => entry.Value);

    [GeneratedRegex("^# TYPE (\\w+) (\\w+)$", RegexOptions.Multiline)]
    private static partial Regex Families();

    [GeneratedRegex("uid: (\\w+)")]
    private static partial Regex Uid();

    [GeneratedRegex("CourseRec__Urls: http://(\\S+)")]
    private static partial Regex NodeUrls();

    [GeneratedRegex("127\\.0\\.0\\.1:\\d+")]
    private static partial Regex Addresses();

    [GeneratedRegex("- \\./([^:]+):")]
    private static partial Regex Mounts();

    [GeneratedRegex("\\$\\{\\w+:-([^}]*)\\}")]
    private static partial Regex Defaults();
}
