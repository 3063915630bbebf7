using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary><c>scripts/cluster</c>, as somebody starts it in a terminal.</summary>
internal sealed partial class ClusterScript : IAsyncDisposable
{
    /// <summary>Longer than the script's own: it waits for its servers, and two minutes for its nodes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Starts it.</summary>
    public ClusterScript(params string[] arguments)
    {
        // What runs the tests may ignore SIGINT, and a shell can't undo that.
        string[] command = ["--default-signal=INT", Repository.PathOf("scripts", "cluster"), .. arguments];
        _process = Subprocess.Start(new("env", command), _lines.Enqueue, _lines.Enqueue);
    }

    /// <summary>What it said.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>Waits until it has said something.</summary>
    public Task SaysAsync(string text) =>
        Eventually.BecomesAsync(
            () => Task.FromResult(Output),
            output => output.Contains(text, StringComparison.Ordinal),
            $"it says '{text}'",
            Patience
        );

    /// <summary>The process id of a node, as it said.</summary>
    public int ProcessOf(string node) =>
        int.Parse(
            ProcessIds().Matches(Output).Single(match => match.Groups[1].Value == node).Groups[2].Value,
            CultureInfo.InvariantCulture
        );

    /// <summary>Presses Ctrl-C.</summary>
    public void Interrupt() => Signals.Send(_process.Id, Signals.Interrupt);

    /// <summary>Waits for its end. Answers the exit code.</summary>
    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Interrupt();
        await EndAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"^  (\w+) +http\S+ +process (\d+)", RegexOptions.Multiline)]
    private static partial Regex ProcessIds();
}
