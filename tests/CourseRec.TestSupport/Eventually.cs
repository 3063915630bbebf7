namespace CourseRec.TestSupport;

/// <summary>
/// Waits for what must come true; when it does not come true in time, the test fails with the state that was seen last.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(40);

    /// <summary>Reads until what was read is right; answers it.</summary>
    /// <param name="read">Reads.</param>
    /// <param name="holds">Whether it is right.</param>
    /// <param name="what">What is waited for.</param>
    /// <param name="limit">How long at the most; two minutes unless told.</param>
    public static async Task<T> BecomesAsync<T>(
        Func<Task<T>> read,
        Func<T, bool> holds,
        string what,
        TimeSpan? limit = null
    )
    {
        var patience = limit ?? Patience;
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
        {
            var state = await read();
            if (holds(state))
                return state;
            if (TimeProvider.System.GetElapsedTime(started) > patience)
                Assert.Fail($"{what}: not within {patience.TotalSeconds} s, it was {Describe(state)}");
            await Task.Delay(pause, TimeProvider.System);
        }
    }

    /// <summary>Waits for a condition; when it does not come true, the state is asked for and said.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, Func<Task<string>> state)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; !await condition(); pause = Longer(pause))
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
                Assert.Fail($"It did not come true within {Patience.TotalSeconds} s; at the end: {await state()}");
            await Task.Delay(pause, TimeProvider.System);
        }
    }

    /// <summary>The same for what can be seen without waiting.</summary>
    public static Task HoldsAsync(Func<bool> condition, Func<object?> state) =>
        HoldsAsync(() => Task.FromResult(condition()), () => Task.FromResult(Describe(state())));

    /// <summary>Tries until it does not throw; fails with the last exception.</summary>
    public static async Task<T> SucceedsAsync<T>(Func<Task<T>> attempt)
    {
        var started = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; ; pause = Longer(pause))
            try
            {
                return await attempt();
            }
            catch (Exception) when (TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(pause, TimeProvider.System);
            }
    }

    /// <summary>Awaits a task; fails after a minute.</summary>
    public static Task Briefly(this Task task) => task.WaitAsync(Patience);

    /// <summary>Awaits a task; fails after a minute.</summary>
    public static Task<T> Briefly<T>(this Task<T> task) => task.WaitAsync(Patience);

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private static string Describe<T>(T state) =>
        state is IEnumerable<object> many ? string.Join(", ", many) : $"{state}";
}
