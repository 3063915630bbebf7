using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// Ends the process when it stood still for longer than the others wait: they have its partitions, and going on as if
/// nothing had been would serve users twice until the cluster says so. The end is at once, without a shutdown. For a
/// node among others only: a laptop's sleep must not end the one that is alone.
/// </summary>
public sealed class StallWatchdog : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly TimeSpan _limit;
    private readonly Func<bool> _isAmongOthers;
    private readonly ManualResetEventSlim _stop = new();

    /// <summary>Watches until disposed of.</summary>
    /// <param name="limit">How long the others wait.</param>
    /// <param name="isAmongOthers">Whether others could have taken over.</param>
    public StallWatchdog(TimeSpan limit, Func<bool> isAmongOthers)
    {
        (_limit, _isAmongOthers) = (limit, isAmongOthers);
        new Thread(Watch)
        {
            IsBackground = true,
            Name = "stall watchdog",
            Priority = ThreadPriority.Highest,
        }.Start();
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Set();

    private void Watch()
    {
        var last = Stopwatch.GetTimestamp();
        while (!_stop.Wait(Look))
        {
            var stood = Stopwatch.GetElapsedTime(last);
            if (stood > _limit && _isAmongOthers())
            {
                Console.Error.WriteLine(
                    $"courserec: this node stood still for {stood.TotalSeconds:0.0} s, and the others have taken its "
                        + "partitions: it ends, to be started again."
                );
                Exit(SessionCluster.RemovedExitCode);
            }
            last = Stopwatch.GetTimestamp();
        }
    }

    [DllImport("libc", EntryPoint = "_exit")]
    private static extern void Exit(int code);
}
