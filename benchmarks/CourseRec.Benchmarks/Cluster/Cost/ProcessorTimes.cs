using System.Diagnostics;
using System.Globalization;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Cluster.Cost;

/// <summary>Processor time that nodes and servers have used since a moment.</summary>
internal sealed class ProcessorTimes : IDisposable
{
    private readonly LocalNode[] _nodes;
    private readonly Process[] _servers;
    private readonly TimeSpan[] _before;

    /// <summary>From now on.</summary>
    public ProcessorTimes(LocalCluster cluster, LocalServers servers)
    {
        _nodes = [.. cluster.Nodes.Values];
        _servers = [ProcessOf(servers.Cassandra), ProcessOf(servers.Kafka)];
        _before = Now();
    }

    /// <summary>What was used: by all nodes, by Cassandra, by Kafka (without its ZooKeeper).</summary>
    public (TimeSpan Nodes, TimeSpan Cassandra, TimeSpan Kafka) Read()
    {
        var now = Now();
        return (now[0] - _before[0], now[1] - _before[1], now[2] - _before[2]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var server in _servers)
            server.Dispose();
    }

    private TimeSpan[] Now() =>
        [
            TimeSpan.FromSeconds(_nodes.Sum(node => node.ProcessorTime.TotalSeconds)),
            .. _servers.Select(server => TimeSpan.FromSeconds(ListeningProcess.CpuSeconds(server))),
        ];

    private static Process ProcessOf(ILocalServer server) =>
        ListeningProcess.Find(
            int.Parse(server.Address.AsSpan(server.Address.LastIndexOf(':') + 1), CultureInfo.InvariantCulture)
        )!;
}
