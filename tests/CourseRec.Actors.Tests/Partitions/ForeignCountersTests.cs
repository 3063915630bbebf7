using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// What a node knows of the partitions that others have: these store what they count, and the node follows it. Which
/// ones it has itself is said by the test.
/// </summary>
public sealed class ForeignCountersTests : IAsyncLifetime
{
    private const int Partitions = 4;
    private readonly PartitionParts _parts = new();
    private readonly FollowedStore _store;
    private readonly ForeignCounters _foreign;
    private readonly CourseIndex _theirs = new();
    private readonly PartitionCounters[] _counted = new PartitionCounters[Partitions];
    private readonly bool[] _held = new bool[Partitions];
    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;
    private long _looks;
    private int _offset;

    public ForeignCountersTests()
    {
        _theirs.GetOrAdd("another order of courses");
        _store = new FollowedStore(_parts.Store);
        _foreign = new ForeignCounters(_parts.Shared with { Store = _store }, IsHeld);
        foreach (var partition in Enumerable.Range(0, Partitions))
            _counted[partition] = new(_parts.Options.Baselines, _theirs);
    }

    public Task InitializeAsync()
    {
        _following = _foreign.FollowAsync(Partitions, _stop.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
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
        await CountAsync("c3", 0, 0, 0, 1, 1, 1);
        await RankedAsync("c3 0.500, c1 0.333, c2 0.167");
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
        await CountAsync("c2", 1, 1);
        await RankedAsync("c1 0.500, c2 0.500");
    }

    [Fact]
    public async Task While_the_store_is_away_what_was_read_stands()
    {
        await TakeOverAsync(0);
        await CountAsync("c1", 1);
        await RankedAsync("c1 1.000");
        _store.IsAway = true;
        await LookAsync(() => { });
        await CountAsync("c2", 2);
        await LookAsync(() => Assert.Equal("c1 1.000", Ranked()));
        _store.IsAway = false;
        await RankedAsync("c1 0.500, c2 0.500");
    }

    [Fact]
    public async Task Nothing_is_read_of_partitions_that_are_held_here()
    {
        foreach (var partition in Enumerable.Range(0, Partitions))
            await TakeOverAsync(partition);
        await CountAsync("c1", 0, 1, 2, 3);
        await LookAsync(() => Assert.Empty(_store.Reads));
        await GiveAwayAsync(3);
        await LookAsync(() => Assert.Equal("c1 1.000", Ranked()));
        Assert.Equal([3], _store.Reads.Distinct());
    }

    private bool IsHeld(int partition)
    {
        Interlocked.Increment(ref _looks);
        return Volatile.Read(ref _held[partition]);
    }

    /// <summary>The node gets a partition, as it is stored.</summary>
    private async Task TakeOverAsync(int partition)
    {
        _counted[partition] = await RestoredAsync(partition, _parts.Courses);
        Volatile.Write(ref _held[partition], true);
    }

    /// <summary>Another node gets it.</summary>
    private async Task GiveAwayAsync(int partition)
    {
        Volatile.Write(ref _held[partition], false);
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
    private async Task CountAsync(string course, params int[] partitions)
    {
        foreach (var partition in partitions)
        {
            var (counters, version) = (_counted[partition], V(_offset++));
            var index = (_held[partition] ? _parts.Courses : _theirs).GetOrAdd(course);
            counters.Observe(new Observation(index, Pipeline.Start.ToUnixTimeSeconds(), -1, -1, -1));
            counters.Commit(version);
            var stored = new PartitionFlush(partition, new(version, "e", 0), counters.TakeChange(), []);
            await _parts.Store.FlushAsync(stored, CancellationToken.None);
        }
    }

    /// <summary>The node looks at every partition at least twice, and this holds all the while.</summary>
    private Task LookAsync(Action holds)
    {
        var until = Interlocked.Read(ref _looks) + 3 * Partitions;
        return Eventually.HoldsAsync(
            () =>
            {
                holds();
                GoOn();
                return Interlocked.Read(ref _looks) >= until;
            },
            () => _looks
        );
    }

    private Task RankedAsync(string ranked) =>
        Eventually.HoldsAsync(
            () =>
            {
                GoOn();
                return Ranked() == ranked;
            },
            Ranked
        );

    private void GoOn() => _parts.Time.Advance(_parts.Options.CountersInterval / Partitions);

    private string Ranked()
    {
        var counters = Enumerable
            .Range(0, Partitions)
            .Select(partition => _held[partition] ? _counted[partition].Courses : _foreign.Find(partition));
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
