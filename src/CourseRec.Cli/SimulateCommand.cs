using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using CourseRec.Cli.Output;
using CourseRec.Cli.Targets;
using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;
using Spectre.Console;

namespace CourseRec.Cli;

/// <summary><c>courserec simulate</c>: a generated catalogue, and learners who move through it.</summary>
internal static class SimulateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var rate = CliOptions.Real("--rate", "Events per second.", 50, 0.1, 1e6);
        var learners = CliOptions.Whole("--learners", "Learners active at a time.", 2000, 1, 10_000_000);
        var seed = CliOptions.Whole(
            "--seed",
            "The same seed gives the same catalogue and events, with the same ids.",
            1,
            0,
            int.MaxValue
        );
        var events = CliOptions.OptionalWhole("--events", "Stop after this many events.", 1, int.MaxValue);
        var duration = CliOptions.OptionalReal("--duration", "Stop after this many seconds.", 0.1, 1e9);
        var dataDir = CliOptions.DataDir();
        var url = CliOptions.Url();
        var command = new Command(
            "simulate",
            "Writes a generated catalogue, then the events of simulated learners, until stopped (Ctrl-C)."
        )
        {
            rate,
            learners,
            seed,
            events,
            duration,
            dataDir,
            url,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                await using var target = await EventTargets.OpenAsync(
                    parsed.GetValue(url),
                    parsed.GetRequiredValue(dataDir),
                    cancel
                );
                var perSecond = parsed.GetValue(rate);
                var options = new SimulationOptions
                {
                    Seed = parsed.GetValue(seed),
                    Learners = parsed.GetValue(learners),
                };
                await RunAsync(
                    target,
                    options,
                    perSecond,
                    Total(parsed.GetValue(events), parsed.GetValue(duration), perSecond),
                    cancel
                );
            }
        );
        return command;
    }

    private static int? Total(int? events, double? seconds, double rate) =>
        seconds is { } limit ? Math.Min(events ?? int.MaxValue, (int)Math.Min(limit * rate, int.MaxValue)) : events;

    private static async Task RunAsync(
        IEventTarget target,
        SimulationOptions options,
        double rate,
        int? total,
        CancellationToken cancel
    )
    {
        var time = TimeProvider.System;
        var catalogue = CatalogueGenerator.Generate(new CatalogueOptions { Seed = options.Seed });
        await target.PutCoursesAsync(ToJson(catalogue), cancel);
        var simulated = new LearnerSimulation(options, catalogue).Events();
        var events = simulated.Take(total ?? int.MaxValue).Select(e => ToEvent(e, catalogue, time.GetUtcNow()));
        var summary = await new EventDelivery(target, CliConsole.Out, time).RunAsync(
            "simulation",
            events,
            total,
            rate,
            cancel
        );
        summary.Print(CliConsole.Out, "simulation", ("courses", catalogue.Count));
    }

    private static OutgoingEvent ToEvent(
        in SimulatedEvent e,
        IReadOnlyList<SimulatedCourse> catalogue,
        DateTimeOffset now
    ) => new(e.Id, e.UserId, catalogue[e.Course].Id, e.Type, double.IsNaN(e.Value) ? null : e.Value, now);

    private static ReadOnlyMemory<byte> ToJson(IReadOnlyList<SimulatedCourse> catalogue)
    {
        var output = new ArrayBufferWriter<byte>(256 * 1024);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartArray();
        foreach (var course in catalogue)
            writer.WriteRawValue(course.ToJson());
        writer.WriteEndArray();
        writer.Flush();
        return output.WrittenMemory;
    }
}
