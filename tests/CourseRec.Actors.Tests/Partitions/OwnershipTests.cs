using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Streams.Embedded;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>What a partition does while it may belong to somebody else already.</summary>
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
        await Eventually.HoldsAsync(() => sink.Offset == 0, () => sink.Offset);
        Assert.Equal(1, (await pipeline.SessionAsync("u1")).Applied);
    }

    /// <summary>The embedded log, whose ownership can't lapse by itself, with a proof that can.</summary>
    private sealed class LapsingLog(EmbeddedLog inner) : DelegatingLog
    {
        public volatile bool IsProven = true;

        protected override IInteractionLog Inner => inner;

        public override bool IsOwnershipProven(int partition) => IsProven && base.IsOwnershipProven(partition);

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class LastOffset : IRecommendationSink
    {
        private long _offset = -2;

        public long Offset => Volatile.Read(ref _offset);

        public void Post(RecommendationList list, long? acceptedAt) => Volatile.Write(ref _offset, list.Offset);
    }
}
