using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

public sealed partial class SessionHost
{
    /// <summary>
    /// Makes an actor of every partition that the log assigns, and ends it when the partition is released.
    /// </summary>
    private sealed class Consumer(SessionHost host, int generation) : ILogConsumer
    {
        public async ValueTask<long> OnAssignedAsync(int number, OffsetRange range, CancellationToken cancel)
        {
            var partition = new Partition(host._services, host._actors, number, generation, host._abandon.Token);
            try
            {
                var from = await partition.RestoreAsync(range, cancel);
                Volatile.Write(ref host._partitions[number], partition);
                return from;
            }
            catch (OperationCanceledException)
            {
                await partition.AbandonAsync();
                throw;
            }
            catch
            {
                // It stays, with its reason, and refuses whoever asks.
                Volatile.Write(ref host._partitions[number], partition);
                throw;
            }
        }

        public ValueTask OnRecordsAsync(int number, ReadOnlyMemory<LogRecord> records, CancellationToken cancel) =>
            host._partitions[number]!.TakeAsync(records, cancel);

        public async ValueTask OnReleasedAsync(int number, ReleaseReason reason, CancellationToken cancel)
        {
            if (Volatile.Read(ref host._partitions[number]) is not { } partition)
                return;
            host._foreign.Keep(number, partition.Counters);
            Volatile.Write(ref host._partitions[number], null);
            await (reason == ReleaseReason.Lost ? partition.AbandonAsync() : partition.DrainAsync(cancel));
            host.Released?.Invoke(number);
        }
    }

    private sealed class WatchEnd(Partition partition, string user, Watch watch) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            partition.Tell(new EndWatch(user, watch));
            return ValueTask.CompletedTask;
        }
    }
}
