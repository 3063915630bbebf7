namespace CourseRec.Streams.Tests;

internal static class Wait
{
    /// <summary>Waits for a condition; fails after 60 s with the state then.</summary>
    public static async Task UntilAsync(Func<bool> condition, Func<object> state)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > TimeSpan.FromSeconds(60))
                Assert.Fail($"Not within 60 s; at the end: {state()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>Awaits a task; fails after 60 s.</summary>
    public static Task Briefly(this Task task) => task.WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Awaits a task; fails after 60 s.</summary>
    public static Task<T> Briefly<T>(this Task<T> task) => task.WaitAsync(TimeSpan.FromSeconds(60));
}
