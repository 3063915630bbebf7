using System.CommandLine;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cassandra;

/// <summary><c>courserec bench cassandra</c>: the CQL driver beside another.</summary>
internal static class CassandraCommand
{
    private static readonly CassandraBenchPlan Usual = new() { Address = "" };
    private static readonly Option<string> Address = new("--cassandra")
    {
        Description =
            "A real server, host:port; scripts/cassandra up starts one and prints it. A keyspace of the bench's "
            + "own is made there, and dropped.",
        HelpName = "host:port",
        Required = true,
    };
    private static readonly Option<int> Seconds = CliOptions.Whole(
        "--seconds",
        "How long each measurement takes.",
        Usual.Seconds,
        1,
        3600
    );
    private static readonly Option<int> Rounds = CliOptions.Whole(
        "--rounds",
        "Measurements of each; medians are reported.",
        Usual.Rounds,
        1,
        100
    );
    private static readonly Option<int> Callers = CliOptions.Whole(
        "--callers",
        "Requests under way at a time.",
        Usual.Callers,
        1,
        10_000
    );
    private static readonly Option<int> Connections = CliOptions.Whole(
        "--connections",
        "Connections of each driver. Default: one a core.",
        Usual.Connections,
        1,
        64
    );
    private static readonly Option<string> Modules = new("--modules")
    {
        Description = "The node_modules with the npm package cassandra-driver, which is compared with.",
        HelpName = "folder",
        DefaultValueFactory = _ => Usual.Modules,
    };
    private static readonly Option<bool> Json = BenchOutput.Json();

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var command = new Command(
            "cassandra",
            "Measures session writes and reads against a real Cassandra, side by side with the npm driver: same "
                + "server, statements and callers."
        )
        {
            Address,
            Seconds,
            Rounds,
            Callers,
            Connections,
            Modules,
            Json,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var plan = Usual with
                {
                    Address = parsed.GetRequiredValue(Address),
                    Seconds = parsed.GetValue(Seconds),
                    Rounds = parsed.GetValue(Rounds),
                    Callers = parsed.GetValue(Callers),
                    Connections = parsed.GetValue(Connections),
                    Modules = parsed.GetRequiredValue(Modules),
                };
                var report = await CassandraBench.RunAsync(plan, BenchOutput.Say, cancel);
                BenchOutput.Print(report, parsed.GetValue(Json), report.ToTable());
                if (report.NpmProblem is { } problem)
                    await Console.Error.WriteLineAsync(problem);
            }
        );
        return command;
    }
}
