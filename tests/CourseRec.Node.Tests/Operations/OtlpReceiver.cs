using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CourseRec.Node.Tests.Operations;

/// <summary>As much of an OpenTelemetry collector as takes what is exported over HTTP.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body, string? Key)> _received = [];

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ReceiveAsync);
    }

    public Uri Url => new(_app.Urls.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The bodies that came to a path. Protocol buffers keep text as it is.</summary>
    public string BodiesAt(string path) =>
        string.Concat(_received.Where(request => request.Path == path).Select(request => request.Body));

    /// <summary>The values of header <c>api-key</c>.</summary>
    public IEnumerable<string?> Keys => _received.Select(request => request.Key).Distinct();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var key = context.Request.Headers["api-key"].ToString();
        _received.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray()), key));
        context.Response.ContentType = "application/x-protobuf";
    }
}
