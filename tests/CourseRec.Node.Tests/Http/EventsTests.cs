using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace CourseRec.Node.Tests.Http;

public sealed class EventsTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private TestNode Node => fixture.Node;

    [Fact]
    public async Task An_accepted_event_is_in_the_users_session()
    {
        var answer = await Node.PostAsync("/v1/events", """{"user":"ada","course":"c1","type":"enroll"}""");
        var accepted = await answer.JsonAsync(HttpStatusCode.Accepted);
        var session = await Node.AppliedAsync("ada", 1);
        var partition = session.GetProperty("partition").GetInt32();
        var version = session.GetProperty("version").GetInt64();
        Assert.Equal(
            $$"""{"accepted":1,"rejected":[],"versions":[{"partition":{{partition}},"version":{{version}}}]}""",
            accepted.GetRawText()
        );
        Assert.Equal("c1", session.GetProperty("history")[0].GetProperty("course").GetString());
        Assert.Equal("enroll", session.GetProperty("history")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Of_an_array_the_invalid_events_are_left_out_and_reported()
    {
        var answer = await Node.PostAsync(
            "/v1/events",
            """[{"user":"bob","course":"c1","type":"click"},{"user":"bob","course":"c1","type":"jump"},{"user":"bob","type":"click"}]"""
        );
        var body = await answer.JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(1, body.GetProperty("accepted").GetInt32());
        var rejected = body.GetProperty("rejected");
        Assert.Equal(2, rejected.GetArrayLength());
        Assert.Equal(1, rejected[0].GetProperty("index").GetInt32());
        Assert.StartsWith("type: ", rejected[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("course: ", rejected[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"user":"","course":"c","type":"view"}""", "user")]
    [InlineData("""{"user":"u","course":7,"type":"view"}""", "course")]
    [InlineData("""{"user":"u","course":"c","type":"view","value":1e999}""", "value")]
    [InlineData("""{"user":"u","course":"c","type":"view","time":"0001-01-01T00:00:00Z"}""", "time")]
    [InlineData("""{"user":"u","course":"c","type":"view","time":"9999-12-31T23:59:59Z"}""", "time")]
    public async Task A_single_invalid_event_is_answered_400_naming_the_field(string json, string field)
    {
        Assert.Equal(field, await (await Node.PostAsync("/v1/events", json)).FieldAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("""{"user":"u"} trailing""")]
    [InlineData("""[{"user":"u","course":"c","type":"view"},]""")]
    public async Task A_body_that_is_not_JSON_is_answered_400(string body)
    {
        await (await Node.PostAsync("/v1/events", body)).ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task More_than_1000_events_are_answered_413()
    {
        var events = string.Join(
            ',',
            Enumerable.Range(0, 1001).Select(i => $$"""{"user":"m{{i}}","course":"c","type":"view"}""")
        );
        await (await Node.PostAsync("/v1/events", $"[{events}]")).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(0, (await Node.GetAsync("/v1/users/m0")).GetProperty("applied").GetInt64());
    }

    [Fact]
    public async Task The_33rd_event_of_a_user_in_a_request_is_refused()
    {
        var events = string.Join(
            ',',
            Enumerable.Range(0, 33).Select(i => $$"""{"user":"eve","course":"c{{i}}","type":"click"}""")
        );
        var body = await (await Node.PostAsync("/v1/events", $"[{events}]")).JsonAsync(HttpStatusCode.Accepted);
        Assert.Equal(32, body.GetProperty("accepted").GetInt32());
        Assert.Equal(32, body.GetProperty("rejected")[0].GetProperty("index").GetInt32());
        await Node.AppliedAsync("eve", 32);
    }

    [Fact]
    public async Task A_body_that_does_not_claim_to_be_JSON_is_answered_415()
    {
        using var body = new StringContent("{}", Encoding.UTF8, "text/plain");
        await (await Node.Http.PostAsync("/v1/events", body)).ProblemAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task An_event_that_grows_over_the_limit_by_its_id_is_refused()
    {
        const string head = """{"user":"u","course":"c","type":"view","context":{"referrer":""";
        var json = $"{head}\"{new string('r', 16 * 1024 - head.Length - 4)}\"}}}}";
        Assert.Equal(16 * 1024, json.Length);
        var answer = await Node.PostAsync("/v1/events", json);
        await answer.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_answered_413()
    {
        await using var node = await TestNode.StartAsync(with: o =>
            o with
            {
                Intake = o.Intake with { MaxBodyBytes = 20_000 },
            }
        );
        using var body = new ByteArrayContent(new byte[30_000]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await (await node.Http.PostAsync("/v1/events", body)).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
    }
}
