using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Tests.Partitions;

public sealed class PartitionCountersTests
{
    private static readonly BaselineOptions Options = new();
    private readonly CourseIndex _courses = new();
    private readonly PartitionCounters _counters;
    private long _offset;

    public PartitionCountersTests() => _counters = new(Options, _courses);

    [Fact]
    public void What_is_followed_change_by_change_is_what_was_counted_over_snapshots_too()
    {
        var follower = new PartitionCounters(Options, _courses);
        var snapshots = 0;
        for (var i = 0; i < 1_100; i++)
        {
            var change = Count(i % 7, (i * 3) % 11);
            snapshots += change.IsSnapshot ? 1 : 0;
            Assert.True(follower.TryFollow([change]));
        }
        Assert.Equal(2, snapshots);
        Assert.Equal(_counters.Stored, follower.Stored);
        Assert.Equal(Ranked(_counters), Ranked(follower));
    }

    [Fact]
    public void Changes_that_do_not_continue_are_not_taken()
    {
        var (first, second, third) = (Count(1, 2), Count(2, 3), Count(3, 4));
        var follower = new PartitionCounters(Options, _courses);
        Assert.True(follower.TryFollow([first]));
        var before = Ranked(follower);
        Assert.False(follower.TryFollow([third]));
        Assert.Equal((first.Version, before), (follower.Stored, Ranked(follower)));
        Assert.True(follower.TryFollow([second, third]));
        Assert.Equal(Ranked(_counters), Ranked(follower));
    }

    [Fact]
    public void A_late_change_of_another_writer_beside_those_that_continue_counts_for_nothing()
    {
        var first = Count(1, 2);
        var follower = new PartitionCounters(Options, _courses);
        Assert.True(follower.TryFollow([first]));
        var second = Count(2, 3);
        var late = second with { Since = LogVersion.At(1, 700), Version = LogVersion.At(1, 800) };
        Assert.True(follower.TryFollow([second, late]));
        Assert.Equal(Ranked(_counters), Ranked(follower));
    }

    private CounterChange Count(int previous, int course)
    {
        var (from, to) = (_courses.GetOrAdd($"c{previous}"), _courses.GetOrAdd($"c{course}"));
        _counters.Observe(new Observation(to, 1_700_000_000 + _offset, from, -1, -1));
        _counters.Commit(LogVersion.At(1, _offset++));
        return _counters.TakeChange()!;
    }

    private string Ranked(PartitionCounters counters)
    {
        var snapshot = new BaselineSnapshotBuilder(Options).Build([counters.Courses], _courses.Count);
        var scores = new float[_courses.Count];
        snapshot.Popularity.Score([], scores);
        var successors = Enumerable.Range(0, _courses.Count).SelectMany(c => snapshot.Successors(c, 20));
        return $"{string.Join(' ', scores)} {string.Join(' ', successors)}";
    }
}
