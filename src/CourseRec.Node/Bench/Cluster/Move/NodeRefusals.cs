using System.Globalization;

namespace CourseRec.Node.Bench.Cluster.Move;

/// <summary>What nodes refused, by their metrics: connections beyond admission, and requests for which nobody was found in time.</summary>
internal static class NodeRefusals
{
    private static readonly string[] Series =
    [
        "courserec_admission_refused_total ",
        "courserec_cluster_requests_total{way=\"unserved\"} ",
    ];

    /// <summary>Every running node's count, by id.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        LocalCluster cluster,
        CancellationToken cancel
    )
    {
        using var http = new HttpClient();
        var counts = new Dictionary<string, long>();
        foreach (var (id, node) in cluster.Nodes)
            counts[id] = Count(await http.GetStringAsync(new Uri(node.Url, "metrics"), cancel));
        return counts;
    }

    /// <summary>What was added, over the nodes that run in the end.</summary>
    public static long Since(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        after.Sum(node => Math.Max(0, node.Value - before.GetValueOrDefault(node.Key)));

    private static long Count(string metrics) =>
        metrics
            .Split('\n')
            .Where(line => Array.Exists(Series, series => line.StartsWith(series, StringComparison.Ordinal)))
            .Sum(line => (long)double.Parse(line.AsSpan(line.LastIndexOf(' ')), CultureInfo.InvariantCulture));
}
