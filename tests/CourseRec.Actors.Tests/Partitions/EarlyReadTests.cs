using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Tests.Hosting;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>Reads that are to reflect what their asker has written, and that come before it is folded.</summary>
public sealed class EarlyReadTests() : TestKit(TestConfig.Timeless)
{
    [Fact]
    public async Task A_read_waits_until_the_partition_has_folded_what_it_is_to_reflect()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        partition.Tell(new GetSession("u1", V(1)));
        partition.Tell(new Recommend("u1", 3, V(1)));
        await partition.TakeAsync("u1 c1");
        Assert.Equal(1, (await partition.SeenAsync("u1")).Applied);
        await partition.TakeAsync("u2 c1");
        Assert.Equal(1, (await ExpectMsgAsync<SessionView>()).Applied);
        Assert.Equal(0, (await ExpectMsgAsync<RecommendationList>()).Offset);
        partition.Tell(new GetSession("u2", V(1)));
        Assert.Equal(1, (await ExpectMsgAsync<SessionView>()).Applied);
    }

    [Fact]
    public async Task A_read_that_waits_for_longer_than_two_seconds_is_refused()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        partition.Tell(new GetSession("u1", V(0)));
        await partition.SeenAsync("u1");
        partition.Tick(Read.Patience - TimeSpan.FromTicks(1));
        await partition.SeenAsync("u1");
        partition.Tick(TimeSpan.FromTicks(1));
        Assert.Equal(
            new Refusal(RefusalKind.Behind, $"Version {V(0).Value} is not folded yet; try again."),
            await ExpectMsgAsync<Refusal>()
        );
        await partition.TakeAsync("u1 c1");
        Assert.Equal(1, (await partition.SeenAsync("u1")).Applied);
    }

    [Fact]
    public async Task No_more_than_so_many_reads_wait()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        for (var i = 0; i < 257; i++)
            partition.Tell(new GetSession("u1", V(0)));
        Assert.Equal(RefusalKind.Away, (await ExpectMsgAsync<Refusal>()).Why);
        await partition.TakeAsync("u1 c1");
        foreach (var session in await ReceiveNAsync(256, TimeSpan.FromSeconds(60)).ToListAsync())
            Assert.Equal(1, Assert.IsType<SessionView>(session).Applied);
    }

    [Fact]
    public async Task Nobody_is_answered_before_all_is_folded_that_a_former_owner_may_have_shown()
    {
        await using var partition = await DrivenPartition.MakeAsync(this);
        var events = new TestEvent[] { new("e1", "u1", "c1", Seconds: 1), new("e2", "u2", "c1", Seconds: 2) };
        await partition.Parts.Log.AppendAsync([.. events.Select(e => e.ToRecord(1))], CancellationToken.None);
        var hold = partition.Store.HoldLoading();
        partition.Begin();
        await Eventually.HoldsAsync(() => partition.Store.Loaded.Count == 2, () => "it folds");
        foreach (
            var question in new Question[]
            {
                new GetSession("u1"),
                new StartWatch("u1", new(TestActor, 3), ListMark.None),
            }
        )
        {
            partition.Tell(question);
            Assert.Equal(
                new Refusal(RefusalKind.NotYet, "partition 0 catches up with the log, 2 records behind"),
                await ExpectMsgAsync<Refusal>()
            );
        }
        hold.SetResult();
        await ExpectMsgAsync<PartitionStarted>();
        partition.Tell(new GetSession("u1"));
        Assert.Equal(1, (await ExpectMsgAsync<SessionView>()).Applied);
    }

    [Fact]
    public async Task A_read_that_waits_when_the_partition_ends_is_refused()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        partition.Tell(new GetSession("u1", V(0)));
        await partition.SeenAsync("u2");
        partition.Tell(Drain.It);
        Assert.Equal(RefusalKind.NotYet, (await ExpectMsgAsync<Refusal>()).Why);
        await partition.EndsAsync();
    }
}
