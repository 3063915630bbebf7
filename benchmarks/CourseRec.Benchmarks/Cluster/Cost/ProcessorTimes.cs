using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Cluster.Cost;

/// <summary>Processor time that nodes and servers have used since a moment.</summary>
internal sealed class ProcessorTimes
{
    private readonly NodeProcess[] _nodes;
    private readonly LocalServers _servers;
    private readonly TimeSpan[] _before;

    /// <summary>From now on.</summary>
    public ProcessorTimes(NodeCluster cluster, LocalServers servers)
    {
        _nodes = [.. cluster.Nodes.Values];
        _servers = servers;
        _before = Now();
    }

    /// <summary>What was used: by all nodes, by Cassandra, by Kafka (without its ZooKeeper).</summary>
    public (TimeSpan Nodes, TimeSpan Cassandra, TimeSpan Kafka) Read()
    {
        var now = Now();
        return (now[0] - _before[0], now[1] - _before[1], now[2] - _before[2]);
    }

    private TimeSpan[] Now() =>
        [
            TimeSpan.FromSeconds(_nodes.Sum(node => node.ProcessorTime.TotalSeconds)),
            _servers.Cassandra.ProcessorTime,
            _servers.Kafka.ProcessorTime,
        ];
}
