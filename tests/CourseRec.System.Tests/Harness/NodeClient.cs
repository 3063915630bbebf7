using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace CourseRec.SystemTests.Harness;

/// <summary>A partner platform: posts events, and posts the same ones again until they are acknowledged.</summary>
internal sealed class NodeClient(Uri node) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(50);
    private readonly HttpClient _http = new() { BaseAddress = node, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The last answer's status.</summary>
    public HttpStatusCode? LastStatus { get; private set; }

    /// <summary>Posts until every event is acknowledged as accepted.</summary>
    public async Task PostAsync(IReadOnlyList<TestEvent> events, CancellationToken cancel)
    {
        while (!await TryPostAsync(events, cancel))
            await Task.Delay(RetryAfter, TimeProvider.System, cancel);
    }

    /// <summary>Posts once. False: the node is busy, full or away.</summary>
    public async Task<bool> TryPostAsync(IReadOnlyList<TestEvent> events, CancellationToken cancel)
    {
        try
        {
            using var response = await _http.PostAsJsonAsync("v1/events", events, cancel);
            LastStatus = response.StatusCode;
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
                return false;
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            var receipt = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
            Assert.Equal(events.Count, receipt.GetProperty("accepted").GetInt32());
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException or IOException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Posts an event. Answers the version that a read with <c>?after=</c> may name to see it.</summary>
    public async Task<long> WriteAsync(TestEvent written)
    {
        using var response = await _http.PostAsJsonAsync("v1/events", written);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var receipt = await response.Content.ReadFromJsonAsync<JsonElement>();
        return Assert.Single(receipt.GetProperty("versions").EnumerateArray()).GetProperty("version").GetInt64();
    }

    /// <summary>Erases a user.</summary>
    public async Task EraseAsync(string user)
    {
        using var response = await _http.DeleteAsync($"v1/users/{user}");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>A user's session.</summary>
    public Task<TestSession?> SessionAsync(string user) => _http.GetFromJsonAsync<TestSession>($"v1/users/{user}");

    /// <summary>The status that a path answers with.</summary>
    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        return response.StatusCode;
    }

    /// <summary>A user's session; null while its partition is not served.</summary>
    public async Task<TestSession?> TrySessionAsync(string user)
    {
        try
        {
            using var response = await _http.GetAsync($"v1/users/{user}");
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<TestSession>() : null;
        }
        catch (TaskCanceledException)
        {
            return null; // The node waits for somebody to serve it for longer than this client.
        }
    }

    /// <summary>What a path answers.</summary>
    public Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Where learning stands.</summary>
    public async Task<TestTraining> TrainingAsync()
    {
        var training = (await GetAsync("v1/live")).GetProperty("training");
        return training.Deserialize<TestTraining>(JsonSerializerOptions.Web)!;
    }

    /// <summary>Records that are in the log, but not stored yet.</summary>
    public async Task<long> UnstoredAsync() => (await PartitionsAsync()).Sum(p => p.End - p.Stored);

    /// <summary>A user's session when so many events or more are applied.</summary>
    public async Task<TestSession> AppliedAsync(string user, int events) =>
        (
            await Eventually.BecomesAsync(
                () => SessionAsync(user),
                session => session?.Applied >= events,
                $"{user} with {events} events"
            )
        )!;

    /// <summary>Where the partitions stand.</summary>
    public async Task<TestPartition[]> PartitionsAsync() =>
        (await GetAsync("v1/live")).GetProperty("lag").Deserialize<TestPartition[]>(JsonSerializerOptions.Web)!;

    /// <summary>Why the node is not ready; null when it is.</summary>
    public async Task<string?> NotReadyAsync()
    {
        using var response = await _http.GetAsync("health/ready");
        return response.IsSuccessStatusCode ? null : await response.Content.ReadAsStringAsync();
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An interaction, as the contract has it.</summary>
internal sealed record TestEvent(string Id, string User, string Course, string Type, DateTimeOffset Time);

/// <summary>A session, as the contract has it.</summary>
internal sealed record TestSession(string User, long Applied, IReadOnlyList<TestHistoryEntry> History)
{
    public override string ToString() => $"{User}: {Applied} applied, {History.Count} in the history";
}

/// <summary>A partition's offsets, as the live figures have them.</summary>
internal sealed record TestPartition(int Partition, long End, long Applied, long Stored);

/// <summary>One entry of a history.</summary>
internal sealed record TestHistoryEntry(string Course, string Type);

/// <summary>Learning, as the live figures have it.</summary>
internal sealed record TestTraining(string State, string? Problem, string? Version, long Trained, int Courses)
{
    /// <summary>The model's number, which goes on over restarts; 0 before the first.</summary>
    public int Number => Version is null ? 0 : NumberOf(Version);

    public static int NumberOf(string version) =>
        int.Parse(version[(version.LastIndexOf('-') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
