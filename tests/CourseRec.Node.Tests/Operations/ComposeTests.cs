using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;
using CourseRec.Node.Hosting;
using CourseRec.Node.Kafka;

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
            var used = Metrics().Matches(Read(file)).Select(match => match.Value).Distinct().ToArray();
            Assert.True(used.Length > 10, $"{file}: only {used.Length} metrics");
            var unknown = used.Except(exported).ToArray();
            Assert.True(unknown.Length == 0, $"{file}: no node exports {string.Join(", ", unknown)}");
        }
    }

    [Fact]
    public void Every_panel_asks_the_provisioned_data_source()
    {
        var provisioned = Uid().Match(Read("grafana/provisioning/datasources/prometheus.yml")).Groups[1].Value;
        var panels = JsonDocument.Parse(Read(Dashboard)).RootElement.GetProperty("panels").EnumerateArray();
        var drawn = panels.Where(panel => panel.GetProperty("type").GetString() != "row").ToArray();
        Assert.NotEmpty(drawn);
        foreach (var panel in drawn)
        foreach (var asks in panel.GetProperty("targets").EnumerateArray().Prepend(panel))
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
    public void Every_file_that_compose_mounts_is_there()
    {
        var mounted = Mounts().Matches(Read("compose.yaml")).Select(match => PathOf(match.Groups[1].Value)).ToArray();
        Assert.NotEmpty(mounted);
        Assert.All(mounted, path => Assert.True(Path.Exists(path), path));
    }

    /// <summary>
    /// The names of all series that a node can export. Instruments of what it does not use here, as Kafka, are made
    /// first.
    /// </summary>
    private static async Task<string[]> ExportedAsync()
    {
        using var topic = new KafkaRecommendations(
            new() { BootstrapServers = "127.0.0.1:1", RecommendationsTopic = "recommendations" }
        );
        await using var node = await TestNode.StartAsync();
        await node.PostAsync("/v1/events", """{"user":"u","course":"c","type":"click"}""");
        foreach (var holder in HoldersOfMeters())
            RuntimeHelpers.RunClassConstructor(holder.TypeHandle);
        var text = await node.Http.GetStringAsync("/metrics");
        return
        [
            .. Families().Matches(text).SelectMany(family => Series(family.Groups[1].Value, family.Groups[2].Value)),
        ];
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

    private static string Read(string file) => File.ReadAllText(PathOf(file));

    private static string PathOf(string file) => Repository.PathOf("docker", file);

    [GeneratedRegex("courserec_[a-z0-9_]+")]
    private static partial Regex Metrics();

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
}
