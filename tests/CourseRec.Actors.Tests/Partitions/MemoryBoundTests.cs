using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Tests.Hosting;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>By itself: what other tests take would be weighed too.</summary>
[CollectionDefinition(nameof(MemoryBoundTests), DisableParallelization = true)]
[Collection(nameof(MemoryBoundTests))]
public sealed class MemoryBoundTests() : TestKit(TestConfig.Patient)
{
    private const int Users = 1_000;
    private const int Batch = 512;
    private const int Rounds = 5;
    private const int Asked = 64 * 256;
    private const long Bound = 64 << 20; // as docs/architecture.md says

    [Fact]
    public async Task A_store_that_is_away_a_log_at_full_speed_and_64_nodes_that_ask_take_no_more_than_is_said()
    {
        await using var partition = await DrivenPartition.StartAsync(this);
        await partition.TakeAsync([.. Enumerable.Range(0, Users).Select(user => $"u{user} c1")]);
        await partition.AppliedAsync(Users);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var (storing, loading) = (partition.Store.HoldStoring(), partition.Store.HoldLoading());
        var taken = Users;
        do
        {
            partition.Take([.. Enumerable.Range(taken, Batch).Select(i => $"u{i % Users} c{i}")]);
            taken += Batch;
            await partition.AppliedAsync(taken);
            partition.Tick();
            await partition.SeenAsync("u1");
        } while (partition.Feeder.HasMessages && await partition.Feeder.ReceiveOneAsync() is not null);
        Assert.InRange(taken, partition.Parts.Options.MaxUnstoredRecords, long.MaxValue);

        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Asked; i++)
                partition.Tell(new GetSession($"away{i}"));
            var open = round == 0 ? 256 : 0;
            var refused = await ReceiveNAsync(Asked - open, TimeSpan.FromSeconds(60)).ToListAsync();
            Assert.All(refused, answer => Assert.Equal(RefusalKind.Away, Assert.IsType<Refusal>(answer).Why));
        }
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, 0, Bound);

        storing.SetResult();
        loading.SetResult();
        await ReceiveNAsync(256, TimeSpan.FromSeconds(60)).LastAsync();
    }
}
