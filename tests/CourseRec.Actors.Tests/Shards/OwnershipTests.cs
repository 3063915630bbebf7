using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Shards;
using CourseRec.Streams.Embedded;

namespace CourseRec.Actors.Tests.Shards;

/// <summary>What a shard does while its partition may belong to somebody else already.</summary>
public sealed class OwnershipTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_ownership_is_unproven_nothing_is_read_or_pushed_and_afterwards_the_push_is_made_up_for()
    {
        LapsingLog? log = null;
        await using var pipeline = Pipeline.Open(_folder, through: inner => log = new LapsingLog(inner));
        await pipeline.Host.StartAsync(CancellationToken.None);
        await pipeline.SettleAsync();
        var sink = new LastOffset();
        await using var watch = await pipeline.Host.WatchAsync("u1", 3, sink, CancellationToken.None);

        log!.IsProven = false;
        await pipeline.AppendAsync(new TestEvent("a", "u1", "c1"));
        await pipeline.SettleAsync();
        await Assert.ThrowsAsync<NotOwnedException>(() => pipeline.SessionAsync("u1"));
        Assert.Equal(-1, sink.Offset);

        log.IsProven = true;
        await Eventually.True(() => sink.Offset == 0, () => sink.Offset);
        Assert.Equal(1, (await pipeline.SessionAsync("u1")).Applied);
    }

    /// <summary>The embedded log, whose ownership can't lapse by itself, with a proof that can.</summary>
    private sealed class LapsingLog(EmbeddedLog inner) : IInteractionLog
    {
        public volatile bool IsProven = true;

        public LogIdentity Identity => inner.Identity;

        public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel) =>
            inner.AppendAsync(records, cancel);

        public Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop) => inner.ConsumeAsync(consumer, stop);

        public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel) =>
            inner.RangeAsync(partition, cancel);

        public ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel) =>
            inner.FindOffsetAsync(partition, acceptedAt, cancel);

        public IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(
            int partition,
            long from,
            CancellationToken cancel
        ) => inner.ReadAsync(partition, from, cancel);

        public ValueTask CommitAsync(int partition, long next, CancellationToken cancel) =>
            inner.CommitAsync(partition, next, cancel);

        public bool IsOwnershipProven(int partition) => IsProven && inner.IsOwnershipProven(partition);

        public ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
            inner.AppendDeadLettersAsync(letters, cancel);

        public IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel) =>
            inner.ReadDeadLettersAsync(cancel);

        public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
            inner.CheckSettingsAsync(cancel);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class LastOffset : IRecommendationSink
    {
        private long _offset = -2;

        public long Offset => Volatile.Read(ref _offset);

        public void Post(RecommendationList list, long? acceptedAt) => Volatile.Write(ref _offset, list.Offset);
    }
}
