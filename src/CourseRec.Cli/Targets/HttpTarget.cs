using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace CourseRec.Cli.Targets;

/// <summary>A running node, by HTTP.</summary>
public sealed class HttpTarget : IEventTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    /// <summary>A node at an address.</summary>
    public HttpTarget(Uri url, TimeProvider time)
    {
        Name = url.ToString().TrimEnd('/');
        _http = new HttpClient { BaseAddress = new Uri(Name + "/"), Timeout = TimeSpan.FromSeconds(30) };
        _time = time;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public async ValueTask<SendResult> SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancel)
    {
        using var response = await PostAsync("v1/events", events, cancel);
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        if (response.StatusCode == HttpStatusCode.Accepted)
            return HttpAnswers.ReadAccepted(body);
        throw Refused("v1/events", response, body);
    }

    /// <inheritdoc/>
    public async Task PutCoursesAsync(ReadOnlyMemory<byte> courses, CancellationToken cancel)
    {
        using var response = await PostAsync("v1/courses", courses, cancel);
        if (!response.IsSuccessStatusCode)
            throw Refused("v1/courses", response, await response.Content.ReadAsByteArrayAsync(cancel));
    }

    /// <inheritdoc/>
    public async ValueTask<PipelineState> ReadStateAsync(CancellationToken cancel) =>
        HttpAnswers.ReadLive(await GetAsync("v1/live", cancel));

    /// <summary>The body of a path; null where the node has nothing there (404).</summary>
    /// <exception cref="CliException">The node doesn't answer, or refuses.</exception>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync(path, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            return response.IsSuccessStatusCode ? body : throw Refused(path, response, body);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
        catch (TaskCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw Unreachable(e);
        }
    }

    /// <summary>Asks for something that has no body.</summary>
    /// <exception cref="CliException">The node doesn't answer, or refuses.</exception>
    public async Task RequestAsync(string path, CancellationToken cancel)
    {
        using var response = await PostAsync(path, default, cancel);
        if (!response.IsSuccessStatusCode)
            throw Refused(path, response, await response.Content.ReadAsByteArrayAsync(cancel));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Posts until the node takes it or its patience is over. Events keep their ids, so sending twice does no harm.
    /// </summary>
    private async Task<HttpResponseMessage> PostAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            var (response, failure) = await TryPostAsync(path, body, cancel);
            if (response is not null && !IsBusy(response.StatusCode))
                return response;
            if (_time.GetElapsedTime(started) > Patience)
                throw response is null ? Unreachable(failure!) : Refused(path, response, []);
            var wait = response?.Headers.RetryAfter?.Delta ?? Pause;
            response?.Dispose();
            await Task.Delay(wait, _time, cancel);
        }
    }

    private async Task<(HttpResponseMessage? Response, Exception? Failure)> TryPostAsync(
        string path,
        ReadOnlyMemory<byte> body,
        CancellationToken cancel
    )
    {
        using var content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
        try
        {
            return (await _http.PostAsync(path, content, cancel), null);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return (null, e);
        }
    }

    private static bool IsBusy(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private CliException Refused(string path, HttpResponseMessage response, byte[] body) =>
        new(
            $"{Name}/{path} answered {(int)response.StatusCode}: "
                + $"{HttpAnswers.ReadProblem(body) ?? response.ReasonPhrase}"
        );

    private CliException Unreachable(Exception e) =>
        new($"{Name} does not answer ({e.Message}). Is a node running there? Start one with 'courserec node'.", e);
}
