using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CourseRec.Node;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;
using Microsoft.AspNetCore.Builder;

namespace CourseRec.TestSupport.Nodes;

/// <summary>
/// A real node on a free port of 127.0.0.1, with the real log and store in a folder of its own. It doesn't train
/// unless told to.
/// </summary>
public sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder? _ownFolder;

    private TestNode(WebApplication app, TemporaryFolder? ownFolder, string folder)
    {
        (_app, _ownFolder, Folder) = (app, ownFolder, folder);
        Url = new Uri(app.Urls.First());
        Http = new HttpClient { BaseAddress = Url };
    }

    public Uri Url { get; }

    public string Folder { get; }

    public IServiceProvider Services => _app.Services;

    public HttpClient Http { get; }

    public static async Task<TestNode> StartAsync(string? folder = null, Func<NodeOptions, NodeOptions>? with = null)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var options = new NodeOptions
        {
            Urls = "http://127.0.0.1:0",
            DataDir = folder ?? own!.Path,
            Training = new() { Enabled = false },
            Logging = new() { Level = Microsoft.Extensions.Logging.LogLevel.Error },
        };
        var app = Program.Build(with?.Invoke(options) ?? options);
        await app.StartAsync();
        var node = new TestNode(app, own, options.DataDir);
        await Eventually.HoldsAsync(
            async () => (await node.Http.GetAsync("/health/ready")).IsSuccessStatusCode,
            () => node.Http.GetStringAsync("/v1/live")
        );
        return node;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => Http.PostAsync(path, Json(json));

    public Task<JsonElement> GetAsync(string path) => Http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>The user's session, once it has folded this many events.</summary>
    public async Task<JsonElement> AppliedAsync(string user, long events)
    {
        var path = $"/v1/users/{Uri.EscapeDataString(user)}";
        await Eventually.HoldsAsync(
            async () => (await GetAsync(path)).GetProperty("applied").GetInt64() == events,
            () => Http.GetStringAsync(path)
        );
        return await GetAsync(path);
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
