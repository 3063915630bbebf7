using System.Diagnostics;

namespace CourseRec.Processes;

/// <summary>Waits for what must come about.</summary>
public static class Patience
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until nothing is amiss.</summary>
    /// <param name="amiss">Says what is; null when nothing is.</param>
    /// <param name="what">What has then not come about.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="ProcessException">It did not in time; the message says what was amiss.</exception>
    public static async Task UntilAsync(
        Func<Task<string?>> amiss,
        string what,
        TimeSpan limit,
        CancellationToken cancel
    )
    {
        var began = Stopwatch.GetTimestamp();
        while (await amiss() is { } seen)
        {
            if (Stopwatch.GetElapsedTime(began) > limit)
                throw new ProcessException($"{what} in {limit.TotalSeconds} s; seen last: {seen}.");
            await Task.Delay(Poll, TimeProvider.System, cancel);
        }
    }
}
