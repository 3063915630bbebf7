using System.Diagnostics;

namespace CourseRec.Cql.Tests;

/// <summary>Waits for what must come true.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Tries until it does not throw.</summary>
    public static async Task<T> SucceedsAsync<T>(Func<Task<T>> attempt)
    {
        var watch = Stopwatch.StartNew();
        while (true)
            try
            {
                return await attempt();
            }
            catch (Exception) when (watch.Elapsed < Patience)
            {
                await Task.Delay(Poll, TimeProvider.System);
            }
    }

    /// <summary>Polls until it holds.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, $"Not within {Patience}: {what}");
            await Task.Delay(Poll, TimeProvider.System);
        }
    }
}
