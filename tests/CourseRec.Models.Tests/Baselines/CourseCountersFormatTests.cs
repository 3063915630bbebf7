using System.Buffers;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Tests.Baselines;

public sealed class CourseCountersFormatTests
{
    private readonly CourseIndex _courses = Observations.Courses(30);

    [Fact]
    public void Loaded_counters_are_the_saved_ones_and_count_on()
    {
        var observations = Observations.Random(1, 1_000);
        var counters = Observations.Count(observations[..900]);
        var loaded = CourseCounters.Load(Save(counters), new(), _courses);
        Assert.Equal(Save(counters), Save(loaded));
        foreach (var observation in observations[900..])
            loaded.Add(observation);
        Observations.AssertSame(Observations.Snapshot(Observations.Count(observations)), Observations.Snapshot(loaded));
    }

    [Fact]
    public void Courses_are_saved_by_id()
    {
        var saved = Save(Observations.Count([new(1, Observations.Year2026, 2, -1, -1)]));
        var other = new CourseIndex();
        var loaded = Observations.Snapshot(CourseCounters.Load(saved, new(), other));
        Assert.Equal("course-1", other[loaded.Successors(other.Find("course-2"), 1)[0].Course]);
        Assert.Equal(2, other.Count);
    }

    [Fact]
    public void Empty_counters_are_saved_and_loaded() =>
        Assert.Equal(0, CourseCounters.Load(Save(new(new())), new(), _courses).Successors.Length);

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_refused()
    {
        var saved = Save(Observations.Count(Observations.Random(2, 20)));
        for (var length = 0; length < saved.Length; length++)
            Assert.Throws<InvalidDataException>(() => CourseCounters.Load(saved.AsSpan(0, length), new(), _courses));
        for (var at = 0; at < saved.Length; at++)
        {
            var changed = saved.ToArray();
            changed[at] ^= 0x10;
            var error = Assert.Throws<InvalidDataException>(() => CourseCounters.Load(changed, new(), _courses));
            Assert.StartsWith("The course counters are damaged: ", error.Message);
        }
    }

    [Fact]
    public void An_unknown_format_is_refused_by_its_number()
    {
        var output = new ArrayBufferWriter<byte>();
        new CourseFrameWriter().WriteTo(output, new("", "crcc"u8.ToArray(), 9), _courses);
        var error = Assert.Throws<InvalidDataException>(() => CourseCounters.Load(output.WrittenSpan, new(), _courses));
        Assert.Equal(
            "The course counters have format 9; this version of CourseRec reads format 1 to 2.",
            error.Message
        );
    }

    [Fact]
    public void Format_1_is_read_without_ages_and_shorter_half_lives()
    {
        var options = new BaselineOptions();
        var frame = new CourseFrameWriter();
        frame.Whole(options.PopularityHalfLife.Ticks);
        frame.Whole(options.TransitionHalfLife.Ticks);
        frame.Signed(2_900);
        frame.Course(3);
        frame.Number(1.5);
        frame.Course(4);
        frame.Number(0.5);
        frame.Course(-1);
        frame.Course(-1);
        var output = new ArrayBufferWriter<byte>();
        frame.WriteTo(output, new("course counters", "crcc"u8.ToArray(), 1), _courses);

        var loaded = CourseCounters.Load(output.WrittenSpan, options, _courses);
        var snapshot = Observations.Snapshot(loaded);

        Assert.Equal(0.75f, Observations.Scores(snapshot.Popularity)[3]);
        Assert.Equal(2, snapshot.Weekly.Mass, 6);
        Assert.Equal((0.0, 0.0), (snapshot.Daily.Mass, snapshot.Hourly.Mass));
        Assert.True(loaded.Ages.First.IsEmpty);
        loaded.Add(new(5, Observations.Year2026, -1, -1, -1));
        Assert.Equal(Observations.Year2026, Observations.Snapshot(loaded).Ages.First[5]);
    }

    [Fact]
    public void Changed_half_lives_keep_what_was_counted_in_proportion()
    {
        var counters = Observations.Count(Observations.Random(3, 1_000));
        var slower = new BaselineOptions
        {
            PopularityHalfLife = TimeSpan.FromDays(100),
            TransitionHalfLife = TimeSpan.FromDays(33),
        };
        var loaded = CourseCounters.Load(Save(counters), slower, _courses);
        var (before, after) = (Observations.Snapshot(counters), Observations.Snapshot(loaded));
        Assert.Equal(
            Observations.Scores(before.Popularity).Select(score => Math.Round(score, 5)),
            Observations.Scores(after.Popularity).Select(score => Math.Round(score, 5))
        );
        Assert.Equal(
            before.Successors(0, 30).Select(next => next.Course),
            after.Successors(0, 30).Select(next => next.Course)
        );
    }

    [Fact]
    public void A_smaller_bound_keeps_the_strongest_successors()
    {
        var counters = Observations.Count(Observations.Random(4, 1_000));
        var loaded = CourseCounters.Load(Save(counters), new() { SuccessorsPerCourse = 3 }, _courses);
        Assert.Equal(
            Observations.Snapshot(counters).Successors(0, 3).Select(next => next.Course),
            Observations.Snapshot(loaded).Successors(0, 30).Select(next => next.Course)
        );
    }

    private byte[] Save(CourseCounters counters)
    {
        var output = new ArrayBufferWriter<byte>();
        counters.Save(output, _courses);
        return output.WrittenSpan.ToArray();
    }
}
