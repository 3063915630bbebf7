using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Cluster;

/// <summary>Browsers: the official JavaScript client, as it is (<c>tools/watch</c>), in processes of Node.js.</summary>
internal sealed class Watchers : IAsyncDisposable
{
    private const string Interpreter = "node";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<string, WatchedUser> _users = [];
    private readonly Process[] _processes;
    private string? _complaint;

    private Watchers(Checkout checkout, int processes) =>
        _processes = [.. Enumerable.Range(0, processes).Select(_ => Start(checkout))];

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

    /// <summary>Starts the processes; nobody is watched yet.</summary>
    /// <param name="checkout">Where the tool is.</param>
    /// <param name="processes">How many; one carries some thousand users.</param>
    /// <exception cref="CliException">Node.js, or the client's package, is missing.</exception>
    public static Watchers Start(Checkout checkout, int processes)
    {
        var package = Path.Combine(checkout.Page, "node_modules", "@microsoft", "signalr");
        if (!Directory.Exists(package))
            throw new CliException($"{package} is missing: run ./build, which fetches the page's packages.");
        try
        {
            return new(checkout, processes);
        }
        catch (Win32Exception e)
        {
            throw new CliException($"'{Interpreter}' can't be run ({e.Message}): install Node.js.", e);
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
    /// <exception cref="CliException">It did not come to that in time; the message has one user's story.</exception>
    public async Task AllAsync(Func<WatchedUser, bool> holds, string what, TimeSpan limit, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        while (Users.Where(user => !holds(user)).ToArray() is { Length: > 0 } left)
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                throw new CliException(
                    $"{Users.Count} watched users did not all {what} in {limit.TotalSeconds} s; {left.Length} are left, as {left[0].Name}: {left[0].Story}. {_complaint}".TrimEnd()
                );
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private Process Start(Checkout checkout)
    {
        var process = Process.Start(
            new ProcessStartInfo(Interpreter, [checkout.Watch, checkout.Page])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        process.OutputDataReceived += (_, e) => OnLine(e.Data);
        process.ErrorDataReceived += (_, e) => _complaint ??= e.Data;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void OnLine(string? line)
    {
        if (line is null)
            return;
        var fields = line.Split(' ', 4);
        _users[fields[1]]
            .See(long.Parse(fields[0], CultureInfo.InvariantCulture), fields[2], fields.Length > 3 ? fields[3] : null);
    }
}
