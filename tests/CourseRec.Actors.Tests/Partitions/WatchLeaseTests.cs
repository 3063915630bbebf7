using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Tests.Hosting;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>A watch ends with the node that it was begun from.</summary>
public sealed class WatchLeaseTests() : TestKit(TestConfig.Timeless)
{
    private static readonly TimeSpan Lease = Actors.Partitions.Watch.Lease;

    [Fact]
    public async Task A_watch_that_is_not_renewed_within_the_lease_ends_and_a_renewed_one_goes_on()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var (gone, stays) = (CreateTestProbe(), CreateTestProbe());
        await BeginAsync(partition, gone);
        var seen = await BeginAsync(partition, stays);
        partition.Tick(Lease / 2);
        await RenewAsync(partition, stays, seen);
        partition.Tick(Lease / 2);
        await partition.TakeAsync("u1 c1");
        Assert.Equal(0, (await stays.ExpectMsgAsync<NewList>()).List.Offset);
        Assert.False(gone.HasMessages);
    }

    [Fact]
    public async Task When_the_last_watch_of_a_user_ends_nobody_watches_the_user()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await BeginAsync(partition, CreateTestProbe());
        partition.Tick(Lease - TimeSpan.FromSeconds(1));
        await partition.TakeAsync("u1 c1");
        await WatchedAsync(partition, 1);
        partition.Tick(TimeSpan.FromSeconds(1));
        await partition.TakeAsync("u1 c2");
        await WatchedAsync(partition, 0);
    }

    [Fact]
    public async Task A_watch_that_ends_takes_no_other_of_the_same_user_with_it()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var (ends, stays) = (CreateTestProbe(), CreateTestProbe());
        await BeginAsync(partition, ends);
        await BeginAsync(partition, stays);
        partition.Tell(new EndWatch("u1", ends));
        await partition.SeenAsync("u1"); // Records would come before it.
        await partition.TakeAsync("u1 c1");
        Assert.Equal(0, (await stays.ExpectMsgAsync<NewList>()).List.Offset);
        Assert.False(ends.HasMessages);
        await WatchedAsync(partition, 1);
        partition.Tell(new EndWatch("u1", stays));
        await partition.SeenAsync("u1"); // Records would come before it.
        await partition.TakeAsync("u1 c2");
        await WatchedAsync(partition, 0);
    }

    private static Task WatchedAsync(DrivenPartition partition, int users) =>
        Eventually.HoldsAsync(() => partition.Progress.Status.Watched == users, () => partition.Progress.Status);

    private static async Task<ListMark> BeginAsync(DrivenPartition partition, TestProbe watcher)
    {
        partition.Actor.Tell(new StartWatch("u1", new Watch(watcher, 3), ListMark.None), watcher);
        var list = await watcher.ExpectMsgAsync<NewList>();
        await watcher.ExpectMsgAsync<Watching>();
        return list.Mark;
    }

    private static async Task RenewAsync(DrivenPartition partition, TestProbe watcher, ListMark seen)
    {
        partition.Actor.Tell(new StartWatch("u1", new Watch(watcher, 3), seen), watcher);
        await watcher.ExpectMsgAsync<Watching>();
    }
}
