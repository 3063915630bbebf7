using System.Globalization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Cluster.Move;

/// <summary>Users whose partitions move, and whose sockets stay.</summary>
/// <param name="Users">Watched users of three nodes.</param>
/// <param name="EventsPerSecond">Events a second meanwhile.</param>
/// <param name="Connecting">How long it took all of them to connect, from nothing.</param>
/// <param name="BytesAConnection">Memory of the nodes for each of them, session, watch and list included.</param>
/// <param name="NodeMillisecondsAConnection">Processor time of the nodes for each of them, while all connected.</param>
/// <param name="BrowserMillisecondsAConnection">The browsers'.</param>
/// <param name="Phases">What was done, in order.</param>
internal sealed record MoveReport(
    int Users,
    int EventsPerSecond,
    TimeSpan Connecting,
    double BytesAConnection,
    double NodeMillisecondsAConnection,
    double BrowserMillisecondsAConnection,
    IReadOnlyList<MovePhase> Phases
)
{
    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            string.Create(
                CultureInfo.InvariantCulture,
                $"bench cluster, move: {Users:N0} watched users on 3 nodes, {EventsPerSecond:N0} events/s; "
                    + $"connected in {Connecting.TotalSeconds:0.0} s; for each {BytesAConnection / 1024:0.0} KiB of "
                    + $"the nodes' memory, processor time {NodeMillisecondsAConnection:0.0} ms of the nodes and "
                    + $"{BrowserMillisecondsAConnection:0.0} ms of the browsers"
            ),
            ["p50 / p99 / max in ms", .. Phases.Select(phase => phase.What)]
        );
        Add(table, "users whose partition moved", phase => Number(phase.Moved));
        Add(table, "reconnects that browsers saw (must be 0)", phase => Number(phase.Reconnects));
        Add(table, "until the last is served again, s (SIGTERM: ≤ 2)", phase => Number(phase.ServedAgain, "0.0"));
        Add(table, "event to list, users whose partition moved", phase => phase.PushOfMoved.ToString());
        Add(table, "event to list, the others", phase => phase.PushOfOthers.ToString());
        Add(table, "processor time of the nodes, s", phase => Number(phase.NodeSeconds, "0.0"));
        Add(table, "errors that clients saw", phase => Number(phase.ClientErrors));
        Add(table, "refused by nodes", phase => Number(phase.Refused));
        return table;
    }

    private void Add(Table table, string figure, Func<MovePhase, string> value) =>
        table.Add([figure, .. Phases.Select(value)]);

    private static string Number(double value, string format = "N0") =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
}
