using System.Buffers;
using System.Text;
using System.Text.Json;
using CourseRec.Models.Interactions;
using CourseRec.Simulation.Catalogue;
using CourseRec.Simulation.Learners;

namespace CourseRec.Simulation.Tests.Learners;

public sealed class SimulatedEventWriterTests
{
    private static readonly IReadOnlyList<SimulatedCourse> Catalogue = CatalogueGenerator.Generate(
        new CatalogueOptions()
    );
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.FromHours(2));

    [Fact]
    public void An_event_with_a_value_is_the_contract_s_json()
    {
        var simulated = new SimulatedEvent(42, 7, 123, 0, InteractionType.Progress, 0.33, 61_005);

        Assert.Equal(
            """{"id":"42-7","user":"learner-000123","course":"math-101-linear-algebra-i","type":"progress","time":"2026-11-20T10:01:01.005Z","source":"simulation","value":0.33}""",
            Written((writer, output) => writer.Write(output, simulated, Start))
        );
    }

    [Fact]
    public void An_event_can_be_written_as_of_another_time()
    {
        var simulated = new SimulatedEvent(-1, 0, 1, 0, InteractionType.Enroll, double.NaN, 61_005);

        Assert.Equal(
            """{"id":"-1-0","user":"learner-000001","course":"math-101-linear-algebra-i","type":"enroll","time":"2026-11-20T10:00:00.000Z","source":"simulation"}""",
            Written((writer, output) => writer.WriteAt(output, simulated, Start))
        );
    }

    [Fact]
    public void The_longest_event_fits()
    {
        var longest = Catalogue.Index().MaxBy(course => course.Item.Id.Length).Index;
        var simulated = new SimulatedEvent(
            int.MinValue,
            long.MaxValue,
            int.MaxValue,
            longest,
            InteractionType.Complete,
            double.MinValue,
            0
        );
        var json = Written((writer, output) => writer.WriteAt(output, simulated, DateTimeOffset.MaxValue));

        Assert.Equal(Catalogue[longest].Id, JsonDocument.Parse(json).RootElement.GetProperty("course").GetString());
    }

    [Fact]
    public void Every_event_keeps_the_contract_s_rules()
    {
        var ids = new HashSet<string>();
        var types = new[] { "view", "click", "enroll", "progress", "complete", "rate", "dismiss" };
        foreach (var simulated in new LearnerSimulation(new SimulationOptions(), Catalogue).Events().Take(20_000))
        {
            var json = JsonDocument
                .Parse(Written((writer, output) => writer.Write(output, simulated, Start)))
                .RootElement;
            foreach (var field in new[] { "id", "user", "course" })
                Assert.Matches("^[!-~]{1,128}$", json.GetProperty(field).GetString());
            Assert.Equal(simulated.Id, json.GetProperty("id").GetString());
            Assert.Equal(simulated.UserId, json.GetProperty("user").GetString());
            Assert.Equal(types[(int)simulated.Type], json.GetProperty("type").GetString());
            Assert.Equal(Start.AddMilliseconds(simulated.Time), json.GetProperty("time").GetDateTimeOffset());
            Assert.Equal(!double.IsNaN(simulated.Value), json.TryGetProperty("value", out _));
            Assert.True(ids.Add(simulated.Id));
        }
    }

    private static string Written(Action<SimulatedEventWriter, ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new SimulatedEventWriter(Catalogue), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
