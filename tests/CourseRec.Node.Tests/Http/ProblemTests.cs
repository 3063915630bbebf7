using System.Net;

namespace CourseRec.Node.Tests.Http;

public sealed class ProblemTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private TestNode Node => fixture.Node;

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/nothing.js", HttpStatusCode.NotFound)]
    [InlineData("POST", "/v1/popular", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PATCH", "/v1/courses/c", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/hubs/recommendations/negotiate", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/hubs/recommendations?user=%01", HttpStatusCode.BadRequest)]
    public async Task Every_error_is_a_problem_document(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("text/html");
        await (await Node.Http.SendAsync(request)).ProblemAsync(status);
    }

    [Fact]
    public async Task Without_a_built_page_the_front_says_so_in_one_line()
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot", "index.html")))
            return;
        var text = await Node.Http.GetStringAsync("/");
        Assert.Contains("not built", text, StringComparison.Ordinal);
        Assert.Single(text.TrimEnd().Split('\n'));
    }
}
