using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Browsers: the official JavaScript client (<c>tools/watch</c>), watching users through the nodes named.
/// </summary>
internal sealed class Watchers : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<WatchLine> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private Watchers(IEnumerable<(string User, Uri Node)> watched, string? transport)
    {
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Repository.PathOf("tools", "watch", "watch.mjs"));
        start.ArgumentList.Add(Repository.PathOf("src", "CourseRec.Node", "page"));
        if (transport is not null)
            start.ArgumentList.Add(transport);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, e) => OnLine(e.Data);
        _process.ErrorDataReceived += (_, e) => _errors.Enqueue(e.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        foreach (var (user, node) in watched)
            _process.StandardInput.WriteLine($"{user} {node.GetLeftPart(UriPartial.Authority)}");
        _process.StandardInput.Flush();
    }

    /// <summary>Everything that was seen of a user.</summary>
    public WatchLine[] Of(string user) => [.. _lines.Where(line => line.User == user)];

    /// <summary>The offset of a user's last list; -2 before the first.</summary>
    public long OffsetOf(string user) => Of(user).LastOrDefault(line => line.Kind == "list")?.Offset ?? -2;

    /// <summary>Starts to watch, and waits for everybody's first list.</summary>
    public static Task<Watchers> StartAsync(params (string User, Uri Node)[] watched) => StartAsync(null, watched);

    /// <summary>The same over one of SignalR's transports; null: over the best.</summary>
    public static async Task<Watchers> StartAsync(string? transport, params (string User, Uri Node)[] watched)
    {
        var watchers = new Watchers(watched, transport);
        await Eventually.BecomesAsync(
            () =>
                Task.FromResult(
                    string.Join(' ', watched.Where(w => watchers.OffsetOf(w.User) == -2).Select(w => w.User))
                ),
            missing => missing.Length == 0,
            "everybody's first list has come",
            TimeSpan.FromSeconds(30)
        );
        return watchers;
    }

    /// <summary>
    /// The longest time that a user saw no list, from a moment on (Unix milliseconds) to the last list.
    /// </summary>
    public TimeSpan LongestGap(string user, long from)
    {
        var lists = Of(user).Where(line => line.Kind == "list" && line.At >= from).Select(line => line.At).ToArray();
        long[] times = [from, .. lists];
        var gaps = times.Zip(lists, (before, after) => after - before);
        return lists.Length == 0 ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(gaps.Max());
    }

    /// <summary>What a user's connection went through, for messages.</summary>
    public string StoryOf(string user) => $"{string.Join("; ", Of(user).TakeLast(40))} {string.Join('\n', _errors)}";

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void OnLine(string? line)
    {
        if (line is not null)
            _lines.Enqueue(WatchLine.Parse(line));
    }
}

/// <summary>Something that a browser saw.</summary>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="User">Whose.</param>
/// <param name="Kind"><c>connected</c>, <c>list</c>, <c>reconnecting</c>, <c>closed</c> or <c>error</c>.</param>
/// <param name="Offset">Of a list.</param>
/// <param name="Detail">Why.</param>
internal sealed record WatchLine(long At, string User, string Kind, long? Offset, string? Detail)
{
    public static WatchLine Parse(string line)
    {
        var fields = line.Split(' ', 4);
        var detail = fields.Length > 3 ? fields[3] : null;
        var at = long.Parse(fields[0], CultureInfo.InvariantCulture);
        return fields[2] == "list"
            ? new(at, fields[1], fields[2], long.Parse(detail!, CultureInfo.InvariantCulture), null)
            : new(at, fields[1], fields[2], null, detail);
    }

    public override string ToString() => $"{At % 1_000_000} {Kind} {Offset}{Detail}";
}
