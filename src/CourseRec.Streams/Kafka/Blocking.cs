namespace CourseRec.Streams.Kafka;

/// <summary>
/// Runs the client's blocking calls on threads of their own, so that a broker that is away never empties the pool.
/// </summary>
internal static class Blocking
{
    public static Task<T> RunAsync<T>(Func<T> call, CancellationToken cancel) =>
        Task.Factory.StartNew(call, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static Task RunAsync(Action call, CancellationToken cancel) =>
        Task.Factory.StartNew(call, cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
