using System.Diagnostics;

namespace CourseRec.SystemTests.Harness;

/// <summary>Waits on a condition; when it does not come true in time, fails with the state that was seen.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> read,
        Func<T, bool> holds,
        string what,
        TimeSpan? limit = null
    )
    {
        var patience = limit ?? TimeSpan.FromSeconds(60);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var state = await read();
            if (holds(state))
                return state;
            if (watch.Elapsed > patience)
                Assert.Fail($"{what}: not within {patience.TotalSeconds} s, it was {Describe(state)}");
            await Task.Delay(Poll, TimeProvider.System);
        }
    }

    private static string Describe<T>(T state) =>
        state is IEnumerable<object> many ? string.Join(", ", many) : $"{state}";
}
