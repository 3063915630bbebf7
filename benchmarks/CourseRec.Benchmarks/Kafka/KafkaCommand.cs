using System.CommandLine;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Kafka;

/// <summary><c>courserec bench kafka</c>: the whole path beside a bare consumer.</summary>
internal static class KafkaCommand
{
    private const int Thousand = EventBodies.EventsPerRequest;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var json = BenchOutput.Json();
        var thousands = CliOptions.Whole("--events", "Events read in each round, in thousands.", 3000, 1, 100_000);
        var rounds = CliOptions.Whole("--rounds", "Rounds; the figures are medians.", 3, 1, 100);
        var (kafka, set) = (CliOptions.Kafka(), CliOptions.Set());
        var command = new Command(
            "kafka",
            "Measures the whole path on a broker (consume, parse, validate, apply, store, commit) beside a bare "
                + "Confluent.Kafka consumer of the same topic, a new one of this name: courserec-bench-…"
        )
        {
            json,
            thousands,
            rounds,
            kafka,
            set,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var report = await KafkaBench.RunAsync(
                    CliOptions.FlagsOf(parsed, kafka, set),
                    parsed.GetValue(thousands) * Thousand,
                    parsed.GetValue(rounds),
                    BenchOutput.Say,
                    cancel
                );
                BenchOutput.Print(report, parsed.GetValue(json), report.ToTable());
            }
        );
        return command;
    }
}
