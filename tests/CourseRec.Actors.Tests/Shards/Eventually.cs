namespace CourseRec.Actors.Tests.Shards;

/// <summary>Waits on a condition; when it does not come true in time, fails with the state that it saw last.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task True(Func<bool> condition, Func<object?> state)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
                Assert.Fail($"It did not come true within {Limit.TotalSeconds} s; last seen: {state()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
