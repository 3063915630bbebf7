using System.Net;

namespace CourseRec.SystemTests.Cluster;

/// <summary>Stands before a trainer, under the address that it advertises, and may spoil its models.</summary>
internal sealed class TrainerProxy : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new();
    private readonly Uri _trainer;
    private string? _model;
    private int _models;

    public TrainerProxy(int port, Uri trainer)
    {
        Url = new Uri($"http://127.0.0.1:{port}");
        _trainer = trainer;
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _ = RelayAsync();
    }

    public Uri Url { get; }

    /// <summary>What becomes of a model on its way.</summary>
    public Func<byte[], byte[]> Spoil { get; set; } = bytes => bytes;

    /// <summary>Models that were passed on, each counted once.</summary>
    public int Models => Volatile.Read(ref _models);

    public void Dispose()
    {
        _listener.Close();
        _http.Dispose();
    }

    private async Task RelayAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await RelayAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or HttpRequestException)
            {
                // The proxy was closed, or one of the two went away meanwhile.
            }
        }
    }

    private async Task RelayAsync(HttpListenerContext context)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, new Uri(_trainer, context.Request.RawUrl));
        if (context.Request.Headers["If-None-Match"] is { } known)
            question.Headers.TryAddWithoutValidation("If-None-Match", known);
        using var answer = await _http.SendAsync(question);
        var body = await answer.Content.ReadAsByteArrayAsync();
        using var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        if (answer.StatusCode != HttpStatusCode.OK)
            return;
        body = Spoil(body);
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body);
        if (_model != (_model = answer.Headers.ETag?.Tag))
            Interlocked.Increment(ref _models);
    }
}
