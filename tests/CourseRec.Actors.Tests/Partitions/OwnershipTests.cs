using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Tests.Hosting;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>What a partition does while it may belong to somebody else already.</summary>
public sealed class OwnershipTests() : TestKit(TestConfig.Timeless)
{
    private const string Unproven = "partition 0 can't be served now: its ownership is unproven";

    [Fact]
    public async Task While_ownership_is_unproven_nothing_is_read_or_pushed_and_afterwards_the_push_is_made_up_for()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        partition.Tell(new StartWatch("u1", new Watch(TestActor, 3), ListMark.None));
        Assert.Equal(-1, (await ExpectMsgAsync<NewList>()).List.Offset);
        await ExpectMsgAsync<Watching>();

        partition.Parts.Proof.IsProven = false;
        await partition.TakeAsync("u1 c1");
        await partition.AppliedAsync(1);
        partition.Tick();
        await partition.StoredAsync(1);
        await partition.RefusesAsync(RefusalKind.NotYet, Unproven);

        partition.Parts.Proof.IsProven = true;
        partition.Tick();
        var made = await ExpectMsgAsync<NewList>();
        Assert.Equal((0, V(0), Start), (made.List.Offset, made.Mark.Version, made.AcceptedAt));
        Assert.Equal(1, (await partition.SeenAsync("u1")).Applied);
    }

    [Fact]
    public async Task A_watch_that_nobody_might_begin_is_begun_when_ownership_is_proven_again()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        var watch = new StartWatch("u1", new Watch(TestActor, 3), ListMark.None);
        partition.Parts.Proof.IsProven = false;
        partition.Tell(watch);
        Assert.Equal(new Refusal(RefusalKind.NotYet, Unproven), await ExpectMsgAsync<Refusal>());
        partition.Parts.Proof.IsProven = true;
        partition.Tell(watch);
        await ExpectMsgAsync<NewList>();
        await ExpectMsgAsync<Watching>();
    }
}
