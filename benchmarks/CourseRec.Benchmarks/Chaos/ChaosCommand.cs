using System.CommandLine;
using CourseRec.Cli;
using CourseRec.Cli.Output;
using CourseRec.Node.Options;
using Spectre.Console;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// <c>courserec bench chaos</c>: a cluster whose nodes and servers are killed, stopped and frozen, under load.
/// </summary>
internal static class ChaosCommand
{
    private const int DoesNotHold = 1;

    private const int MostActionsAMinute = 6;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var minutes = CliOptions.Whole("--minutes", "How long actions begin.", 10, 1, 24 * 60);
        var seed = CliOptions.Whole(
            "--seed",
            "Decides what is done, to which node, in which order.",
            1,
            0,
            int.MaxValue
        );
        var only = new Option<ChaosKind[]>("--only")
        {
            Description = $"Do only this: {string.Join(", ", Enum.GetNames<ChaosKind>())}. May be given several times.",
            HelpName = "kind",
            DefaultValueFactory = _ => [.. ChaosSchedule.AllKinds],
        };
        var quick = new Option<bool>("--quick")
        {
            Description =
                "Once each, without pauses: a node killed, stopped, frozen, cut off, a fourth one, the broker and "
                + "Cassandra killed.",
        };
        var command = new Command(
            "chaos",
            "Runs three nodes on a Kafka and a Cassandra of their own under load, kills, stops and freezes them "
                + "and the servers, and checks that every accepted event is applied once, that no read is older than "
                + "what anybody was answered before, and that every browser sees the last list. Exit code 1 when something does not hold. Needs a "
                + "checkout that ./build was run in."
        )
        {
            minutes,
            seed,
            only,
            quick,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var (length, number) = (parsed.GetValue(minutes), parsed.GetValue(seed));
                var cluster = NodeOptionsReader.Load([]).Cluster; // the nodes inherit this program's environment
                var patience = cluster.HeartbeatPause + cluster.StableAfter;
                var kinds = parsed.GetValue(only)!;
                var rounds = length * MostActionsAMinute / kinds.Length + 1;
                var schedule = parsed.GetValue(quick)
                    ? ChaosSchedule.Quick(number, patience)
                    : ChaosSchedule.Of(number, kinds, rounds, patience);
                Print(number, schedule);
                var report = await ChaosBench.RunAsync(
                    number,
                    schedule,
                    TimeSpan.FromMinutes(length),
                    what => Console.WriteLine($"{TimeProvider.System.GetUtcNow():HH:mm:ss} {what}"),
                    cancel
                );
                CliConsole.Out.Write(report.ToTable());
                foreach (var line in report.Lines())
                    Console.WriteLine(line);
                return report.Findings.Count == 0 ? 0 : DoesNotHold;
            }
        );
        return command;
    }

    private static void Print(int seed, IReadOnlyList<ChaosAction> schedule)
    {
        Console.WriteLine($"Schedule of seed {seed}, as far as the time goes:");
        foreach (var (i, action) in schedule.Index())
            Console.WriteLine($"{i + 1, 4}. {action}");
    }
}
