using System.Globalization;

namespace CourseRec.Benchmarks.Cluster.Move;

/// <summary>Figures of nodes, by their metrics.</summary>
internal static class NodeFigures
{
    /// <summary>What was refused: connections beyond admission, and requests.</summary>
    public static readonly string[] Refused =
    [
        "courserec_admission_refused_total{",
        "courserec_requests_refused_total{",
    ];

    /// <summary>Every running node's figure, by id: the sum of some series.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(
        NodeCluster cluster,
        string[] series,
        CancellationToken cancel
    )
    {
        using var http = new HttpClient();
        var figures = new Dictionary<string, long>();
        foreach (var (id, node) in cluster.Nodes)
            figures[id] = Sum(await http.GetStringAsync(new Uri(node.Url, "metrics"), cancel), series);
        return figures;
    }

    /// <summary>What was added, over the nodes that run in the end.</summary>
    public static long Since(IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> after) =>
        after.Sum(node => Math.Max(0, node.Value - before.GetValueOrDefault(node.Key)));

    private static long Sum(string metrics, string[] series) =>
        metrics
            .Split('\n')
            .Where(line => Array.Exists(series, name => line.StartsWith(name, StringComparison.Ordinal)))
            .Sum(line => (long)double.Parse(line.AsSpan(line.LastIndexOf(' ')), CultureInfo.InvariantCulture));
}
