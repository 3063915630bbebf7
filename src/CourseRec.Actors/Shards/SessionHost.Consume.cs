using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Shards;

public sealed partial class SessionHost
{
    /// <summary>
    /// Makes a shard of every partition that the log assigns, and ends it when the partition is released.
    /// </summary>
    private sealed class Consumer(SessionHost host, int generation) : ILogConsumer
    {
        public async ValueTask<long> OnAssignedAsync(int partition, OffsetRange range, CancellationToken cancel)
        {
            var shard = new SessionShard(partition, generation, host._services, host._abandon.Token);
            try
            {
                var from = await shard.AssignAsync(range, cancel);
                Volatile.Write(ref host._shards[partition], shard);
                return from;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // It stays, with its reason, and refuses whoever asks.
                Volatile.Write(ref host._shards[partition], shard);
                throw;
            }
        }

        public ValueTask OnRecordsAsync(int partition, ReadOnlyMemory<LogRecord> records, CancellationToken cancel) =>
            host._shards[partition]!.PostAsync(records, cancel);

        public async ValueTask OnReleasedAsync(int partition, ReleaseReason reason, CancellationToken cancel)
        {
            if (Volatile.Read(ref host._shards[partition]) is not { } shard)
                return;
            host._foreign.Keep(partition, shard.Counters);
            Volatile.Write(ref host._shards[partition], null);
            await (reason == ReleaseReason.Lost ? shard.AbandonAsync() : shard.DrainAsync(cancel));
            host.Released?.Invoke(partition);
        }
    }

    private sealed class WatchEnd(SessionShard owner, string user, Watch watch) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await owner.PostAsync(new ShardMessage.EndWatch(user, watch), CancellationToken.None);
            }
            catch (NotOwnedException)
            {
                // The shard has ended, and its watches with it.
            }
        }
    }
}
