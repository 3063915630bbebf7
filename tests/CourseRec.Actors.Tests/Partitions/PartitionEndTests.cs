using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Hosting;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>How a partition ends: drained, abandoned, or stopped by what went wrong.</summary>
public sealed class PartitionEndTests() : TestKit(TestConfig.Patient)
{
    private const string NotServed = "partition 0 is not served here any more";

    [Fact]
    public async Task Draining_stores_everything_that_was_taken_before_and_is_answered_once()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var hold = partition.Store.HoldLoading();
        await partition.TakeAsync("u1 c1", "u2 c1");
        await partition.TakeAsync("u1 c2");
        partition.Tell(Drain.It);
        partition.Take("u1 c3");
        await partition.FailsAsync<NotOwnedException>(NotServed);
        hold.SetResult();
        await ExpectMsgAsync<Stopped>();
        Assert.Equal(V(2), (await CheckpointAsync(partition))!.Version);
        Assert.Equal([V(2), V(1)], await StoredAsync(partition, "u1", "u2"));
        await partition.RefusesAsync(NotServed);
    }

    [Fact]
    public async Task Draining_while_the_store_is_away_ends_when_it_is_abandoned_and_nothing_is_stored()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync("u1 c1");
        partition.Store.Storing = Task.FromException(new StoreUnavailableException("the disk is full"));
        partition.Tell(Drain.It);
        await partition.RefusesAsync(NotServed);
        await Eventually.HoldsAsync(
            () => partition.Progress.WaitsFor == "the disk is full",
            () => partition.Progress.Status
        );
        partition.Tell(Abandon.It);
        await ExpectMsgAsync<Stopped>();
        partition.Store.Storing = Task.CompletedTask;
        partition.Parts.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await CheckpointAsync(partition));
    }

    [Fact]
    public async Task An_abandoned_partition_has_stopped_when_what_it_is_storing_is_over()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var hold = partition.Store.HoldStoring();
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Tick();
        await partition.TakeAsync("u1 c2");
        Assert.Equal(2, (await partition.SeenAsync("u1")).Applied);
        await Eventually.HoldsAsync(() => !partition.Store.Flushes.IsEmpty, () => "it stores nothing");
        Assert.Single(partition.Store.Flushes);
        partition.Tell(Abandon.It);
        partition.Tell(Drain.It);
        await partition.RefusesAsync(NotServed);
        hold.SetResult();
        await ExpectMsgAsync<Stopped>();
        Assert.Equal([V(0)], await StoredAsync(partition, "u1"));
        Assert.Single(partition.Store.Flushes);
    }

    [Fact]
    public async Task A_partition_that_is_drained_while_it_is_restored_never_starts()
    {
        await using var partition = await DrivenPartition.MakeAsync(this);
        var hold = partition.Store.HoldRestoring();
        partition.Tell(new Restore(new OffsetRange(0, 0)));
        partition.Tell(Drain.It);
        await partition.FailsAsync<PartitionStoppedException>(NotServed);
        await ExpectMsgAsync<Stopped>();
        hold.SetResult();
        await partition.RefusesAsync(NotServed);
    }

    [Fact]
    public async Task What_a_partition_stops_for_refuses_who_waits_and_who_comes_later()
    {
        const string reason = "the table is damaged";
        var options = new SessionHostOptions { MailboxRecords = 1 };
        await using var partition = await DrivenPartition.StartAsync(this, options);
        var hold = partition.Store.HoldLoading();
        partition.Tell(new GetSession("u1"));
        partition.Take("u2 c1");
        hold.SetException(new PartitionStoppedException(reason));
        await partition.FailsAsync<NotOwnedException>(reason);
        await partition.FailsAsync<PartitionStoppedException>(reason);
        await partition.RefusesAsync(reason);
        partition.Take("u2 c2");
        await partition.FailsAsync<PartitionStoppedException>(reason);
        Assert.Equal(PartitionState.Stopped, partition.Progress.Status.State);
    }

    [Fact]
    public async Task A_users_actor_that_dies_stops_the_partition_with_the_failure_and_nothing_more_is_stored()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync("u1 c1");
        await partition.SeenAsync("u1");
        partition.Users.Tell(Kill.Instance);
        await Eventually.HoldsAsync(() => partition.Progress.Problem == "Kill", () => partition.Progress.Status);
        await partition.RefusesAsync("Kill");
        partition.Tell(Drain.It);
        await ExpectMsgAsync<Stopped>();
        Assert.Empty(partition.Store.Flushes);
    }

    private static async Task<Checkpoint?> CheckpointAsync(DrivenPartition partition) =>
        (await partition.Store.LoadPartitionAsync(0, CancellationToken.None)).Checkpoint;

    private static async Task<LogVersion?[]> StoredAsync(DrivenPartition partition, params string[] users)
    {
        var stored = await partition.Store.LoadSessionsAsync(users, CancellationToken.None);
        return [.. stored.Select(session => session?.Version)];
    }
}
