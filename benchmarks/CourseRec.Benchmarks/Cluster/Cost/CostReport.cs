using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cluster.Cost;

/// <summary>The cost of being a cluster.</summary>
/// <param name="Events">Events folded in each run.</param>
/// <param name="Rounds">The rounds.</param>
internal sealed record CostReport(int Events, IReadOnlyList<CostRound> Rounds)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            $"bench cluster, cost: {Events:N0} events, servers beside the nodes, medians of {Rounds.Count}",
            "figure",
            "one node",
            "three nodes",
            "three / one"
        );
        Add(table, "events/s, consumed, folded and stored", run => run.StoredPerSecond, "N0");
        Add(table, "processor time an event, µs, nodes", run => run.NodeMicroseconds, "0.0");
        Add(table, "processor time an event, µs, Cassandra", run => run.CassandraMicroseconds, "0.0");
        Add(table, "processor time an event, µs, Kafka", run => run.KafkaMicroseconds, "0.0");
        Add(table, "events/s accepted over HTTP meanwhile folded", run => run.AcceptedPerSecond, "N0");
        return table;
    }

    private void Add(Table table, string figure, Func<CostRun, double> value, string format)
    {
        string[] figures =
        [
            .. new[] { Rounds.Select(round => value(round.One)), Rounds.Select(round => value(round.Three)) }.Select(
                values => Percentiles.Median(values).ToString(format, CultureInfo.InvariantCulture)
            ),
        ];
        var ratio = Percentiles.Median(Rounds.Select(round => value(round.Three) / value(round.One)));
        table.Add([figure, .. figures, ratio.ToString("0.00", CultureInfo.InvariantCulture)]);
    }
}

/// <summary>One round.</summary>
/// <param name="One">With one node.</param>
/// <param name="Three">With three.</param>
internal sealed record CostRound(CostRun One, CostRun Three);

/// <summary>One run; processor times are of all nodes together.</summary>
/// <param name="StoredPerSecond">Events a second of a backlog that were folded and stored.</param>
/// <param name="AcceptedPerSecond">Events a second that were accepted over HTTP, while they were folded.</param>
/// <param name="NodeMicroseconds">Processor time of the nodes for each event of the backlog.</param>
/// <param name="CassandraMicroseconds">Cassandra's.</param>
/// <param name="KafkaMicroseconds">Kafka's.</param>
internal sealed record CostRun(
    double StoredPerSecond,
    double AcceptedPerSecond,
    double NodeMicroseconds,
    double CassandraMicroseconds,
    double KafkaMicroseconds
);
