using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Kafka;

/// <summary>What <c>bench kafka</c> measured.</summary>
/// <param name="Cores">Processor cores of the machine.</param>
/// <param name="Events">Events read in each round by each.</param>
/// <param name="ProducedPerSecond">Events a second that the intake produced (acks=all).</param>
/// <param name="Rounds">The rounds.</param>
internal sealed record KafkaReport(int Cores, int Events, double ProducedPerSecond, IReadOnlyList<KafkaRound> Rounds)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            $"bench kafka, {Cores} cores, broker beside the node, {Events:N0} events",
            ["figure", "median", .. Rounds.Select((_, i) => (i + 1).ToString(CultureInfo.InvariantCulture))]
        );
        Add(table, "events/s, whole path (consume … store, commit)", r => r.NodePerSecond, "N0");
        Add(table, "events/s, bare consumer", r => r.BarePerSecond, "N0");
        Add(table, "whole path / bare consumer, %", r => r.NodePerSecond / r.BarePerSecond * 100, "0");
        Add(table, "process start to first event, s", r => r.FirstEvent.TotalSeconds, "0.0");
        Add(table, "processor time an event, µs, whole path", r => r.NodeMicroseconds, "0.0");
        Add(table, "processor time an event, µs, bare consumer", r => r.BareMicroseconds, "0.0");
        var produced = ProducedPerSecond.ToString("N0", CultureInfo.InvariantCulture);
        table.Add(["events/s produced by the intake, acks=all", produced, .. Rounds.Select(_ => "")]);
        return table;
    }

    private void Add(Table table, string figure, Func<KafkaRound, double> value, string format)
    {
        var values = Rounds.Select(value).ToArray();
        table.Add([
            figure,
            .. values.Prepend(Percentiles.Median(values)).Select(v => v.ToString(format, CultureInfo.InvariantCulture)),
        ]);
    }
}

/// <summary>One round.</summary>
/// <param name="BarePerSecond">Events a second of the bare consumer.</param>
/// <param name="NodePerSecond">Events a second of the node, from the first applied to the last stored and
/// committed.</param>
/// <param name="FirstEvent">From the start of the node's process to the first event applied.</param>
/// <param name="BareMicroseconds">Processor time that the bare consumer used for each.</param>
/// <param name="NodeMicroseconds">Processor time that the node used for each.</param>
internal sealed record KafkaRound(
    double BarePerSecond,
    double NodePerSecond,
    TimeSpan FirstEvent,
    double BareMicroseconds,
    double NodeMicroseconds
);
