using System.Net;

namespace CourseRec.Node.Tests.Http;

public sealed class CoursesTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private TestNode Node => fixture.Node;

    [Fact]
    public async Task A_written_course_can_be_read_at_once_and_deleted()
    {
        var put = await Node.Http.PutAsync(
            "/v1/courses/logic",
            TestNode.Json("""{"title":"Logic","subject":"Mathematics"}""")
        );
        Assert.Equal("Logic", (await put.JsonAsync(HttpStatusCode.OK)).GetProperty("title").GetString());
        var course = await Node.GetAsync("/v1/courses/logic");
        Assert.True(course.GetProperty("available").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await Node.Http.DeleteAsync("/v1/courses/logic")).StatusCode);
        await (await Node.Http.GetAsync("/v1/courses/logic")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"title":""}""", "title")]
    [InlineData("""{"title":7}""", "title")]
    [InlineData("""{"title":"T","colour":"red"}""", "colour")]
    [InlineData("""{"title":"T","price":-1}""", "price")]
    [InlineData("""{"id":"other","title":"T"}""", "id")]
    public async Task An_invalid_course_is_answered_400_naming_the_field(string json, string field)
    {
        Assert.Equal(field, await (await Node.Http.PutAsync("/v1/courses/c", TestNode.Json(json))).FieldAsync());
    }

    [Fact]
    public async Task A_title_in_another_script_is_answered_and_pushed_as_it_is()
    {
        const string title = "线性代数 I & II";
        await using var node = await TestNode.StartAsync();
        await node.Http.PutAsync("/v1/courses/linear", TestNode.Json($$"""{"title":"{{title}}"}"""));
        await node.PostAsync("/v1/events", """{"user":"first","course":"linear","type":"enroll"}""");

        Assert.Contains(title, await node.Http.GetStringAsync("/v1/courses/linear"), StringComparison.Ordinal);
        await using var client = await HubClient.ConnectAsync(node.Url, "reader");
        await client.InvokeAsync("Subscribe", 5);
        while (!(await client.NextAsync()).GetRawText().Contains(title, StringComparison.Ordinal)) { }
    }

    [Fact]
    public async Task Of_an_array_the_valid_courses_are_written_and_found()
    {
        var answer = await Node.PostAsync(
            "/v1/courses",
            """[{"id":"z1","title":"Zoology I","subject":"Biology"},{"id":"z2","title":"Zoology II","subject":"Biology"},{"title":"x"}]"""
        );
        var body = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(2, body.GetProperty("accepted").GetInt32());
        Assert.Equal(2, body.GetProperty("rejected")[0].GetProperty("index").GetInt32());
        var found = await Node.GetAsync("/v1/courses?q=zoology&subject=Biology&take=1&skip=1");
        Assert.Equal(2, found.GetProperty("total").GetInt32());
        Assert.Equal("z2", found.GetProperty("items")[0].GetProperty("id").GetString());
        Assert.Equal(2, found.GetProperty("subjects")[0].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_single_course_posted_without_an_array_is_answered_400() =>
        await (await Node.PostAsync("/v1/courses", """{"id":"a","title":"A"}""")).ProblemAsync(
            HttpStatusCode.BadRequest
        );

    [Fact]
    public async Task Similar_and_popular_answer_lists()
    {
        Assert.Equal(0, (await Node.GetAsync("/v1/courses/unseen/similar")).GetProperty("items").GetArrayLength());
        (await Node.GetAsync("/v1/popular?count=3")).GetProperty("items");
    }
}
