using System.Net;
using System.Text.RegularExpressions;

namespace CourseRec.Node.Tests.Http;

public sealed partial class DocsTests(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    [Fact]
    public async Task The_interface_is_a_page_whose_scripts_come_from_the_node_and_no_other_may_run()
    {
        using var page = await fixture.Node.Http.GetAsync("/docs");
        var html = await page.Content.ReadAsStringAsync();
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'self'", Assert.Single(page.Headers.GetValues("Content-Security-Policy")));
        var addresses = Source()
            .Matches(html)
            .Select(match => new Uri(page.RequestMessage!.RequestUri!, match.Groups[1].Value));
        Assert.NotEmpty(addresses);
        foreach (var address in addresses)
        {
            Assert.Equal(fixture.Node.Url.Authority, address.Authority);
            using var script = await fixture.Node.Http.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, script.StatusCode);
            Assert.Contains("javascript", script.Content.Headers.ContentType?.MediaType);
        }
    }

    [GeneratedRegex("src=\"([^\"]+)\"")]
    private static partial Regex Source();
}
