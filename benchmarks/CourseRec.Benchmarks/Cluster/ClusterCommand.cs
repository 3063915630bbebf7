using System.CommandLine;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cluster;

/// <summary><c>courserec bench cluster</c>: several nodes on this machine.</summary>
internal static class ClusterCommand
{
    private static readonly Option<bool> Json = BenchOutput.Json();
    private static readonly Option<ClusterParts> Part = new("--part")
    {
        Description =
            "Measure one part alone: all, cost (three nodes against one), move (watched users when a node leaves, "
            + "comes and is killed), apart (sockets on another node than their user's partition) or idle (nodes "
            + "when nothing happens).",
        HelpName = "part",
        DefaultValueFactory = _ => ClusterParts.All,
        CustomParser = result =>
            CliOptions.Choice(
                result,
                ("all", ClusterParts.All),
                ("cost", ClusterParts.Cost),
                ("move", ClusterParts.Move),
                ("apart", ClusterParts.Apart),
                ("idle", ClusterParts.Idle)
            ),
    };
    private static readonly Option<int> Rounds = CliOptions.Whole(
        "--rounds",
        "Rounds of the cost; the figures are medians.",
        3,
        1,
        100
    );
    private static readonly Option<int> Thousands = CliOptions.Whole(
        "--events",
        "Events folded in each of its runs, in thousands.",
        500,
        1,
        100_000
    );
    private static readonly Option<int> Seconds = CliOptions.Whole(
        "--seconds",
        "How long events are posted over HTTP in each of its runs, and how long apart and idle measure.",
        10,
        1,
        3600
    );
    private static readonly Option<int> Users = CliOptions.Whole(
        "--users",
        "Watched users who move.",
        10_000,
        10,
        100_000
    );

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "cluster",
            "Measures several nodes on this machine, with a Kafka and a Cassandra of its own (scripts/kafka, "
                + "scripts/cassandra): what being a cluster costs, and what watched users see when a node leaves, "
                + "comes back, and is killed."
        )
        {
            Json,
            Part,
            Rounds,
            Thousands,
            Seconds,
            Users,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var report = await ClusterBench.RunAsync(
                    new(
                        parsed.GetValue(Part),
                        parsed.GetValue(Rounds),
                        parsed.GetValue(Thousands) * EventBodies.EventsPerRequest,
                        TimeSpan.FromSeconds(parsed.GetValue(Seconds)),
                        parsed.GetValue(Users)
                    ),
                    BenchOutput.Say,
                    cancel
                );
                BenchOutput.Print(report, parsed.GetValue(Json), report.ToTables());
            }
        );
        return command;
    }
}
