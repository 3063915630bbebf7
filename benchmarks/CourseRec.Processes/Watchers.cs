using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CourseRec.Processes;

/// <summary>Browsers: the official JavaScript client as it is (<c>tools/watch</c>), in processes of Node.js.</summary>
public sealed class Watchers : IAsyncDisposable
{
    private const string Interpreter = "node";
    private readonly ConcurrentDictionary<string, WatchedUser> _users = [];
    private readonly Process[] _processes;
    private string? _complaint;

    private Watchers(string page, string[] transport, int processes) =>
        _processes = [.. Enumerable.Range(0, processes).Select(_ => Start(page, transport))];

    /// <summary>Everybody who is watched.</summary>
    public ICollection<WatchedUser> Users => _users.Values;

    /// <summary>Processor time that the browsers used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            foreach (var process in _processes)
                process.Refresh();
            return TimeSpan.FromSeconds(_processes.Sum(process => process.TotalProcessorTime.TotalSeconds));
        }
    }

    /// <summary>A watched user.</summary>
    public WatchedUser this[string user] => _users[user];

    /// <summary>A user, if watched.</summary>
    public WatchedUser? Find(string user) => _users.GetValueOrDefault(user);

    /// <summary>Starts the processes; nobody is watched yet.</summary>
    /// <param name="processes">How many; one carries some thousand users.</param>
    /// <param name="transport">One of SignalR's transports; null: the best.</param>
    /// <exception cref="ProcessException">Node.js, or the client's package, is missing.</exception>
    public static Watchers Start(int processes = 1, string? transport = null)
    {
        var page = Repository.PathOf("src", "CourseRec.Node", "page");
        var package = Path.Combine(page, "node_modules", "@microsoft", "signalr");
        if (!Directory.Exists(package))
            throw new ProcessException($"{package} is missing: run ./build, which fetches the page's packages.");
        try
        {
            return new(page, transport is null ? [] : [transport], processes);
        }
        catch (Win32Exception e)
        {
            throw new ProcessException($"'{Interpreter}' can't be run ({e.Message}): install Node.js.", e);
        }
    }

    /// <summary>Begins to watch a user.</summary>
    /// <param name="user">The user.</param>
    /// <param name="nodes">Where the browser goes: to the first, and to the next when it can't connect.</param>
    public void Watch(string user, IEnumerable<Uri> nodes)
    {
        var process = _processes[_users.Count % _processes.Length];
        _users[user] = new(user);
        var addresses = nodes.Select(node => node.GetLeftPart(UriPartial.Authority));
        process.StandardInput.WriteLine($"{user} {string.Join(' ', addresses)}");
        process.StandardInput.Flush();
    }

    /// <summary>Waits until a condition holds for everybody.</summary>
    /// <param name="holds">The condition.</param>
    /// <param name="what">The same in words, after "did not all".</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ProcessException">It did not in time; the message has one user's story.</exception>
    public Task AllAsync(
        Func<WatchedUser, bool> holds,
        string what,
        TimeSpan limit,
        CancellationToken cancel = default
    ) =>
        Patience.UntilAsync(
            () =>
                Task.FromResult(
                    Users.Where(user => !holds(user)).ToArray() is [var one, ..] left
                        ? $"{left.Length} are left, as {one.Name}: {one.Story}. {_complaint}".TrimEnd()
                        : null
                ),
            $"{Users.Count} watched users did not all {what}",
            limit,
            cancel
        );

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.EndAsync();
    }

    private Process Start(string page, string[] transport) =>
        Subprocess.Start(
            new(Interpreter, [Repository.PathOf("tools", "watch", "watch.mjs"), page, .. transport])
            {
                RedirectStandardInput = true,
            },
            OnLine,
            line => _complaint ??= line
        );

    private void OnLine(string line)
    {
        var fields = line.Split(' ', 4);
        _users[fields[1]]
            .See(long.Parse(fields[0], CultureInfo.InvariantCulture), fields[2], fields.Length > 3 ? fields[3] : null);
    }
}
