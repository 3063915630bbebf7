using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Hosting;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>How a partition ends: drained in time or not, or stopped by what went wrong.</summary>
public sealed class PartitionEndTests() : TestKit(TestConfig.Timeless)
{
    private const string NotServed = "partition 0 is not served here now";

    [Fact]
    public async Task Draining_stores_everything_that_was_taken_before_takes_no_more_and_stops()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var hold = partition.Store.HoldLoading();
        await partition.TakeAsync("u1 c1", "u2 c1");
        await partition.TakeAsync("u1 c2");
        partition.Tell(Drain.It);
        partition.Take("u1 c3");
        await partition.RefusesAsync(RefusalKind.NotYet, NotServed);
        hold.SetResult();
        await partition.EndsAsync();
        Assert.Equal(V(2), (await CheckpointAsync(partition))!.Version);
        Assert.Equal([V(2), V(1)], await StoredAsync(partition, "u1", "u2"));
        Assert.False(partition.Feeder.HasMessages);
    }

    [Fact]
    public async Task Draining_stores_what_was_folded_while_the_flush_before_was_under_way()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var hold = partition.Store.HoldStoring();
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Tick();
        await partition.TakeAsync("u1 c2");
        Assert.Equal(2, (await partition.SeenAsync("u1")).Applied);
        await Eventually.HoldsAsync(() => !partition.Store.Flushes.IsEmpty, () => "it stores nothing");
        partition.Tell(Drain.It);
        await partition.RefusesAsync(RefusalKind.NotYet, NotServed);
        Assert.Single(partition.Store.Flushes);
        hold.SetResult();
        await partition.EndsAsync();
        Assert.Equal([V(0), V(1)], partition.Store.Flushes.Select(flush => flush.Checkpoint.Version));
        Assert.Equal([V(1)], await StoredAsync(partition, "u1"));
    }

    [Fact]
    public async Task Draining_while_the_store_is_away_ends_at_the_deadline_and_nothing_is_stored()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Store.Storing = Task.FromException(new StoreUnavailableException("the disk is full"));
        partition.Tell(Drain.It);
        await Eventually.HoldsAsync(
            () => partition.Progress.WaitsFor == "the disk is full",
            () => partition.Progress.Status
        );
        Time.Advance(PartitionActor.DrainTime - TimeSpan.FromTicks(1));
        await partition.RefusesAsync(RefusalKind.Away, "Partition 0 waits: the disk is full");
        Time.Advance(TimeSpan.FromTicks(1));
        await partition.EndsAsync();
        partition.Store.Storing = Task.CompletedTask;
        partition.Parts.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await CheckpointAsync(partition));
    }

    [Fact]
    public async Task A_partition_that_is_drained_while_it_is_restored_stops_at_once_and_never_starts()
    {
        await using var partition = await DrivenPartition.MakeAsync(this);
        var hold = partition.Store.HoldRestoring();
        partition.Begin();
        await partition.RefusesAsync(RefusalKind.NotYet, NotServed);
        partition.Tell(Drain.It);
        await partition.EndsAsync();
        hold.SetResult();
    }

    [Fact]
    public async Task What_a_partition_stops_for_refuses_who_waits_and_who_comes_later_and_it_ends_when_it_is_drained()
    {
        const string reason = "the table is damaged";
        await using var partition = await DrivenPartition.StartAsync(this);
        var hold = partition.Store.HoldLoading();
        partition.Tell(new GetSession("u1"));
        await partition.TakeAsync("u2 c1");
        hold.SetException(new PartitionStoppedException(reason));
        Assert.Equal(new Refusal(RefusalKind.Stopped, reason), await ExpectMsgAsync<Refusal>());
        await partition.RefusesAsync(RefusalKind.Stopped, reason);
        Assert.Equal(PartitionState.Stopped, partition.Progress.Status.State);
        partition.Take("u2 c2");
        partition.Tell(Drain.It);
        await partition.EndsAsync();
        Assert.False(partition.Feeder.HasMessages);
        Assert.Empty(partition.Store.Flushes);
    }

    [Fact]
    public async Task A_users_actor_that_dies_stops_the_partition_with_the_failure_and_nothing_more_is_stored()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Users.Tell(Kill.Instance);
        await Eventually.HoldsAsync(() => partition.Progress.Problem == "Kill", () => partition.Progress.Status);
        await partition.RefusesAsync(RefusalKind.Stopped, "Kill");
        partition.Tell(Drain.It);
        await partition.EndsAsync();
        Assert.Empty(partition.Store.Flushes);
    }

    [Fact]
    public async Task A_newer_claim_stops_the_partition_at_the_next_flush_and_nothing_is_stored()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        Assert.Equal(
            new PartitionClaim(0, "other", 2),
            await partition.Store.ClaimAsync(0, "other", CancellationToken.None)
        );
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Tick();
        await Eventually.HoldsAsync(() => partition.Progress.Problem is not null, () => partition.Progress.Status);
        Assert.StartsWith(
            "partition 0: node other has claimed it since (claim 2, here 1). If that node is not of this cluster, two "
                + "clusters use the same session store",
            partition.Progress.Problem
        );
        await partition.RefusesAsync(RefusalKind.Stopped, partition.Progress.Problem!);
        Assert.Empty(partition.Store.Flushes);
    }

    [Fact]
    public async Task Its_own_claim_stops_no_partition()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        Assert.Equal(new PartitionClaim(0, "test", 1), await partition.Store.ReadClaimAsync(0, CancellationToken.None));
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Tick();
        await partition.StoredAsync(1);
        Assert.Equal([V(0)], await StoredAsync(partition, "u1"));
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private static async Task<Checkpoint?> CheckpointAsync(DrivenPartition partition) =>
        (await partition.Store.LoadPartitionAsync(0, CancellationToken.None)).Checkpoint;

    private static async Task<LogVersion?[]> StoredAsync(DrivenPartition partition, params string[] users)
    {
        var stored = await partition.Store.LoadSessionsAsync(users, CancellationToken.None);
        return [.. stored.Select(session => session?.Version)];
    }
}
