using System.Diagnostics;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;
using Xunit.Abstractions;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// What it costs a node to follow other nodes' counters: 3,000 courses, 64 partitions, a million discoveries. The
/// figures are printed.
/// </summary>
public sealed class FollowingCostTests(ITestOutputHelper output)
{
    private const int Partitions = 64;
    private const int Courses = 3_000;
    private const int PerChange = 8; // half a second's discoveries of a partition at 1,000 a second
    private static readonly BaselineOptions Options = new();
    private readonly Random _random = new(1);
    private readonly CourseIndex _courses = new();
    private long _time = 1_700_000_000;

    [Fact]
    public void Following_costs_a_few_bytes_a_discovery()
    {
        foreach (var course in Enumerable.Range(0, Courses))
            _courses.GetOrAdd($"course-{course:D5}");
        var counted = Enumerable.Range(0, Partitions).Select(_ => new PartitionCounters(Options, _courses)).ToArray();
        var stored = counted.Select((counters, partition) => Count(counters, partition, 1_000_000 / Partitions));
        var changes = stored.ToArray();
        var newest = changes.Select(of => of.FindLastIndex(change => change.IsSnapshot)).ToArray();

        var followers = counted.Select(_ => new PartitionCounters(Options, _courses)).ToArray();
        var whole = Measure(() =>
            followers.Zip(changes, newest).ToList().ForEach(f => f.First.TryFollow(f.Second[f.Third..]))
        );
        var builder = new BaselineSnapshotBuilder(Options);
        var merge = Measure(() => builder.Build([.. followers.Select(f => f.Courses)], Courses));
        Report("all of it, once", changes.Sum(of => Bytes(of[of.FindLastIndex(c => c.IsSnapshot)..])), whole);
        output.WriteLine($"the first merge of {Partitions} partitions: {merge.TotalMilliseconds:N0} ms of CPU");

        var more = counted.Select((counters, partition) => Count(counters, partition, 40 * PerChange)).ToArray();
        var bytes = more.Sum(Bytes) / (double)(Partitions * 40 * PerChange);
        Report(
            $"{Partitions * 40 * PerChange:N0} discoveries more (20 s), change by change",
            more.Sum(Bytes),
            Measure(() => followers.Zip(more).ToList().ForEach(f => f.Second.ForEach(c => f.First.TryFollow([c]))))
        );
        output.WriteLine($"{bytes:F1} bytes a discovery");
        Assert.All(followers.Zip(counted), f => Assert.Equal(f.Second.Stored, f.First.Stored));
        Assert.InRange(bytes, 1, 60);
        foreach (var held in new[] { Partitions / 3, Partitions })
            output.WriteLine(
                $"publishing 5 times a second at 1,000 discoveries a second, over {held} partitions: "
                    + $"{Publishing(followers[..held]):P0} of a core"
            );
    }

    /// <summary>The share of a core that merging takes; the partitions count their part of the discoveries.</summary>
    private double Publishing(PartitionCounters[] counters)
    {
        var builder = new BaselineSnapshotBuilder(Options);
        CourseCounters[] courses = [.. counters.Select(of => of.Courses)];
        builder.Build(courses, Courses);
        var merging = TimeSpan.Zero;
        for (var publish = 0; publish < 25; publish++)
        {
            for (var i = 0; i < 200 * counters.Length / Partitions; i++)
                Count(counters[_random.Next(counters.Length)], 0, 1);
            merging += Measure(() => builder.Build(courses, Courses));
        }
        return merging.TotalSeconds / 5;
    }

    /// <summary>
    /// Counts discoveries in changes of half a second each. Popular courses are taken much oftener, and after their
    /// like.
    /// </summary>
    private List<CounterChange> Count(PartitionCounters counters, int partition, int discoveries)
    {
        var changes = new List<CounterChange>();
        for (var i = 0; i < discoveries; i += PerChange)
        {
            for (var j = 0; j < Math.Min(PerChange, discoveries); j++)
            {
                var topic = _random.Next(60) * (Courses / 60);
                counters.Observe(new(Course(topic), _time++ / 1_000, Course(topic), Course(topic), Course(topic)));
            }
            counters.Commit(LogVersion.At(1, counters.Version.Offset + PerChange + partition));
            changes.Add(counters.TakeChange()!);
        }
        return changes;
    }

    private int Course(int topic) => (topic + (int)(Courses * Math.Pow(_random.NextDouble(), 4))) % Courses;

    private static long Bytes(List<CounterChange> changes) => changes.Sum(change => (long)change.Data.Length);

    private static TimeSpan Measure(Action work)
    {
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        work();
        return Process.GetCurrentProcess().TotalProcessorTime - before;
    }

    private void Report(string what, long bytes, TimeSpan cpu) =>
        output.WriteLine($"{what}: {bytes / 1e6:F2} MB, {cpu.TotalMilliseconds:N0} ms of CPU");
}
