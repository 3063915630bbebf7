using System.Net;

namespace CourseRec.Node.Tests.Http;

public sealed class UsersTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private TestNode Node => fixture.Node;

    [Fact]
    public async Task A_user_without_events_has_an_empty_session()
    {
        var session = await Node.GetAsync("/v1/users/nobody");
        Assert.Equal(-1, session.GetProperty("offset").GetInt64());
        Assert.Equal(0, session.GetProperty("applied").GetInt64());
        Assert.Equal(0, session.GetProperty("history").GetArrayLength());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("Jürgen Müller?#&+")]
    public async Task Any_printable_id_can_stand_in_an_address(string user)
    {
        var encoded = System.Text.Json.JsonEncodedText.Encode(user);
        await Node.PostAsync("/v1/events", $$"""{"user":"{{encoded}}","course":"c","type":"click"}""");
        Assert.Equal(user, (await Node.AppliedAsync(user, 1)).GetProperty("user").GetString());
    }

    [Fact]
    public async Task An_id_with_a_control_character_is_answered_400()
    {
        Assert.Equal("id", await (await Node.Http.GetAsync("/v1/users/a%01b")).FieldAsync());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("101")]
    [InlineData("ten")]
    public async Task A_count_outside_1_to_100_is_answered_400(string count)
    {
        Assert.Equal(
            "count",
            await (await Node.Http.GetAsync($"/v1/users/u/recommendations?count={count}")).FieldAsync()
        );
    }

    [Fact]
    public async Task Recommendations_leave_out_what_the_user_takes()
    {
        foreach (var user in new[] { "r1", "r2", "r3" })
        {
            await Node.PostAsync(
                "/v1/events",
                $$"""[{"user":"{{user}}","course":"first","type":"enroll"},{"user":"{{user}}","course":"second","type":"enroll"}]"""
            );
        }
        await Node.PostAsync("/v1/events", """{"user":"reader","course":"first","type":"enroll"}""");
        await Node.AppliedAsync("reader", 1);
        var path = "/v1/users/reader/recommendations?count=5";
        await Eventually.HoldsAsync(
            async () => Courses(await Node.GetAsync(path)).Contains("second"),
            () => Node.Http.GetStringAsync(path)
        );
        Assert.DoesNotContain("first", Courses(await Node.GetAsync(path)));
    }

    [Fact]
    public async Task An_erased_user_has_nothing_left()
    {
        await Node.PostAsync("/v1/events", """{"user":"gone","course":"c","type":"enroll"}""");
        await Node.AppliedAsync("gone", 1);
        Assert.Equal(HttpStatusCode.Accepted, (await Node.Http.DeleteAsync("/v1/users/gone")).StatusCode);
        await Eventually.HoldsAsync(
            async () => (await Node.GetAsync("/v1/users/gone")).GetProperty("history").GetArrayLength() == 0,
            () => Node.Http.GetStringAsync("/v1/users/gone")
        );
    }

    [Fact]
    public async Task A_read_reflects_what_its_asker_wrote()
    {
        for (var i = 1; i <= 20; i++)
        {
            using var written = await Node.PostAsync(
                "/v1/events",
                $$"""{"user":"author","course":"c{{i}}","type":"enroll"}"""
            );
            var version = await VersionAsync(written);
            var session = await Node.GetAsync($"/v1/users/author?after={version}");
            Assert.Equal(i, session.GetProperty("applied").GetInt64());
            var list = await Node.GetAsync($"/v1/users/author/recommendations?after={version}");
            Assert.Equal(session.GetProperty("offset").GetInt64(), list.GetProperty("offset").GetInt64());
        }
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_answered_503_and_one_that_is_none_400()
    {
        using var written = await Node.PostAsync("/v1/events", """{"user":"early","course":"c","type":"click"}""");
        using var answer = await Node.Http.GetAsync($"/v1/users/early?after={await VersionAsync(written) + 1_000}");
        await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(answer.Headers.RetryAfter);

        Assert.Equal("after", await (await Node.Http.GetAsync("/v1/users/early?after=-1")).FieldAsync());
        Assert.Equal("after", await (await Node.Http.GetAsync("/v1/users/early?after=now")).FieldAsync());
    }

    [Fact]
    public async Task Nobody_is_parked_and_who_is_not_can_not_be_unparked()
    {
        Assert.Equal(0, (await Node.GetAsync("/v1/parked")).GetProperty("parked").GetArrayLength());
        using var answer = await Node.Http.PostAsync("/v1/users/nobody/unpark", null);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("user nobody is not parked", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Sessions_survive_a_restart()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await TestNode.StartAsync(folder.Path))
        {
            await first.PostAsync("/v1/events", """{"user":"stay","course":"c","type":"enroll"}""");
        }
        await using (var second = await TestNode.StartAsync(folder.Path))
        {
            await second.AppliedAsync("stay", 1);
        }
    }

    /// <summary>The version of the only event of a request.</summary>
    private static async Task<long> VersionAsync(HttpResponseMessage written)
    {
        var versions = (await written.JsonAsync(HttpStatusCode.Accepted)).GetProperty("versions");
        return Assert.Single(versions.EnumerateArray()).GetProperty("version").GetInt64();
    }

    private static string[] Courses(System.Text.Json.JsonElement list) =>
        [.. list.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("course").GetString()!)];
}
