using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Hosting;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// What a node knows of the partitions that others have: these store what they count and tell it, and the node follows.
/// Which ones it has itself is said by the test.
/// </summary>
public sealed class CountersActorTests : TestKit, IAsyncLifetime
{
    private const int Partitions = 4;
    private readonly PartitionParts _parts = new();
    private readonly FollowedStore _store;
    private readonly ForeignCounters _foreign = new();
    private readonly TestProbe _mediator;
    private readonly IActorRef _actor;
    private readonly CourseIndex _theirs = new();
    private readonly PartitionCounters[] _counted = new PartitionCounters[Partitions];
    private int _offset;

    public CountersActorTests()
        : base(TestConfig.Timeless)
    {
        _theirs.GetOrAdd("another order of courses");
        _store = new FollowedStore(_parts.Store);
        _mediator = CreateTestProbe();
        var (services, foreign, mediator) = (_parts.Shared with { Store = _store }, _foreign, _mediator.Ref);
        _actor = Sys.ActorOf(Props.Create(() => new CountersActor(services, foreign, Partitions, mediator)));
        _mediator.ExpectMsg<Subscribe>();
        foreach (var partition in Enumerable.Range(0, Partitions))
            _counted[partition] = new(_parts.Options.Baselines, _theirs);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await Sys.Terminate();
        await _parts.DisposeAsync();
    }

    [Fact]
    public async Task A_node_ranks_by_all_partitions_whoever_has_them()
    {
        await TakeOverAsync(0);
        await TakeOverAsync(2);
        await CountAsync("c1", 0, 1, 2, 3);
        await CountAsync("c2", 1, 3);
        await RankedAsync("c1 0.667, c2 0.333");
        Tell(await CountAsync("c3", 0, 0, 0, 1, 1, 1));
        await RankedAsync("c3 0.500, c1 0.333, c2 0.167");
    }

    [Fact]
    public async Task What_is_told_is_taken_once_and_without_the_store()
    {
        await CountAsync("c1", 1);
        await RankedAsync("c1 1.000");
        var reads = _store.Reads.Count;
        var changes = await CountAsync("c2", 1, 1, 3);
        Tell([.. changes, .. changes]);
        Tell(changes);
        await SeenAsync("c2 0.750, c1 0.250");
        Assert.Equal(reads, _store.Reads.Count);
    }

    [Fact]
    public async Task Where_something_was_not_told_or_was_too_large_the_store_is_read()
    {
        await LookAsync(() => Assert.Equal("", Ranked()));
        await CountAsync("c1", 1);
        Tell(await CountAsync("c2", 1));
        await SeenAsync("c1 0.500, c2 0.500");
        var large = await CountAsync("c1", 2, 2);
        Tell([.. large.Select(change => change.WithoutData())]);
        await SeenAsync("c1 0.750, c2 0.250");
    }

    [Fact]
    public async Task What_was_told_last_and_lost_is_read_within_a_minute()
    {
        await LookAsync(() => Assert.Equal("", Ranked()));
        await CountAsync("c1", 1);
        _parts.Time.Advance(TimeSpan.FromMinutes(1));
        await RankedAsync("c1 1.000");
    }

    [Fact]
    public async Task A_node_tells_all_that_its_partitions_have_counted_in_one_message_and_only_that_when_it_is_much()
    {
        foreach (
            var (bytes, isTold) in new[] { (CountersActor.MaxBytes / 2, true), (CountersActor.MaxBytes / 2 + 1, false) }
        )
        {
            var change = new CounterChange(V(1), V(2), false, new byte[bytes]);
            Sys.EventStream.Publish(new PartitionCounted(1, change));
            Sys.EventStream.Publish(new PartitionCounted(2, change));
            _actor.Tell(CountersActor.Tick.It);
            var published = await _mediator.ExpectMsgAsync<Publish>();
            var told = Assert.IsType<NodeCounted>(published.Message).Partitions;
            Assert.Equal([1, 2], told.Select(counted => counted.Partition));
            Assert.All(told, counted => Assert.Equal(isTold ? bytes : 0, counted.Change.Data.Length));
        }
        _actor.Tell(CountersActor.Tick.It);
        await _mediator.ExpectNoMsgAsync(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_partition_that_moves_is_counted_once()
    {
        await TakeOverAsync(0);
        await CountAsync("c1", 1, 1, 1);
        await CountAsync("c2", 0);
        await RankedAsync("c1 0.750, c2 0.250");
        for (var times = 0; times < 2; times++)
        {
            await TakeOverAsync(1);
            await LookAsync(() => Assert.Equal("c1 0.750, c2 0.250", Ranked()));
            await GiveAwayAsync(1);
            await LookAsync(() => Assert.Equal("c1 0.750, c2 0.250", Ranked()));
        }
        Tell(await CountAsync("c2", 1, 1));
        await RankedAsync("c1 0.500, c2 0.500");
    }

    [Fact]
    public async Task While_the_store_is_away_what_was_read_stands()
    {
        await TakeOverAsync(0);
        await CountAsync("c1", 1);
        await RankedAsync("c1 1.000");
        _store.IsAway = true;
        Tell([.. (await CountAsync("c2", 2)).Select(change => change.WithoutData())]);
        await LookAsync(() => Assert.Equal("c1 1.000", Ranked()));
        _store.IsAway = false;
        await RankedAsync("c1 0.500, c2 0.500");
    }

    [Fact]
    public async Task Nothing_is_read_of_partitions_that_are_held_here()
    {
        foreach (var partition in Enumerable.Range(0, Partitions))
            await TakeOverAsync(partition);
        Tell(await CountAsync("c1", 0, 1, 2, 3));
        await LookAsync(() => Assert.Empty(_store.Reads));
        await GiveAwayAsync(3);
        await LookAsync(() => Assert.Equal("c1 1.000", Ranked()));
        Assert.Equal([3], _store.Reads.Distinct());
    }

    private bool IsHeld(int partition) => _parts.Shared.Held.Find(partition) is not null;

    /// <summary>The node gets a partition, as it is stored.</summary>
    private async Task TakeOverAsync(int partition)
    {
        _counted[partition] = await RestoredAsync(partition, _parts.Courses);
        _parts.Shared.Held.Add(new(partition, _counted[partition], new PartitionProgress(partition)));
    }

    /// <summary>Another node gets it.</summary>
    private async Task GiveAwayAsync(int partition)
    {
        _parts.Shared.Held.Remove(_parts.Shared.Held.Find(partition)!);
        _foreign.Keep(partition, _counted[partition].Courses);
        _counted[partition] = await RestoredAsync(partition, _theirs);
    }

    private async Task<PartitionCounters> RestoredAsync(int partition, CourseIndex courses)
    {
        var counters = new PartitionCounters(_parts.Options.Baselines, courses);
        counters.Restore(await _parts.Store.LoadPartitionAsync(partition, CancellationToken.None));
        return counters;
    }

    /// <summary>A course is taken in each partition named, all at one time, and that is stored.</summary>
    private async Task<IReadOnlyList<PartitionCounted>> CountAsync(string course, params int[] partitions)
    {
        var changes = new List<PartitionCounted>();
        foreach (var partition in partitions)
        {
            var (counters, version) = (_counted[partition], V(_offset++));
            var index = (IsHeld(partition) ? _parts.Courses : _theirs).GetOrAdd(course);
            counters.Observe(new Observation(index, Pipeline.Start.ToUnixTimeSeconds(), -1, -1, -1));
            counters.Commit(version);
            var change = counters.TakeChange()!;
            await _parts.Store.FlushAsync(new(partition, new(version, "e", 0), change, []), CancellationToken.None);
            changes.Add(new(partition, change));
        }
        return changes;
    }

    private void Tell(IReadOnlyList<PartitionCounted> changes) => _actor.Tell(new NodeCounted(changes));

    /// <summary>The node looks at every partition several times, and this holds all the while.</summary>
    private async Task LookAsync(Action holds)
    {
        for (var looks = 0; looks < 3 * Partitions; looks++)
        {
            _actor.Tell(CountersActor.Tick.It);
            await _actor.Ask<ActorIdentity>(new Identify(null));
            holds();
        }
    }

    /// <summary>It comes to rank like that, without another look.</summary>
    private Task SeenAsync(string ranked) => Eventually.HoldsAsync(() => Ranked() == ranked, Ranked);

    private Task RankedAsync(string ranked) =>
        Eventually.HoldsAsync(
            () =>
            {
                _actor.Tell(CountersActor.Tick.It);
                return Ranked() == ranked;
            },
            Ranked
        );

    private string Ranked()
    {
        var counters = Enumerable
            .Range(0, Partitions)
            .Select(partition => IsHeld(partition) ? _counted[partition].Courses : _foreign.Find(partition));
        var builder = new BaselineSnapshotBuilder(_parts.Options.Baselines);
        var popularity = builder.Build([.. counters.OfType<CourseCounters>()], _parts.Courses.Count).Popularity;
        var scores = new float[popularity.CourseCount];
        popularity.Score([], scores);
        return string.Join(
            ", ",
            scores
                .Select((score, course) => (Score: score, Course: _parts.Courses[course]))
                .Where(ranked => ranked.Score > 0)
                .OrderByDescending(ranked => ranked.Score)
                .ThenBy(ranked => ranked.Course, StringComparer.Ordinal)
                .Select(ranked => FormattableString.Invariant($"{ranked.Course} {ranked.Score:F3}"))
        );
    }
}
