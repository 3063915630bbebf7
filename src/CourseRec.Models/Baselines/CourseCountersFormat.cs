using System.Buffers;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Baselines;

/// <summary>
/// Counters as bytes; see <see cref="CourseFrameWriter"/> for the frame. Format 2 adds ages and popularity at the
/// shorter half-lives at the end; read from format 1, those start empty.
/// </summary>
internal static class CourseCountersFormat
{
    private static readonly CourseFrame Frame = new("course counters", "crcc"u8.ToArray(), 2, 1);

    public static void Write(
        CourseCounters counters,
        BaselineOptions options,
        IBufferWriter<byte> output,
        CourseIndex courses
    )
    {
        var frame = new CourseFrameWriter();
        frame.Whole(options.PopularityHalfLife.Ticks);
        frame.Whole(options.TransitionHalfLife.Ticks);
        WritePopularity(counters.Popularity, frame);
        for (var course = 0; course < counters.Successors.Length; course++)
            if (counters.Successors[course] is { } row)
                WriteRow(course, row, frame);
        frame.Course(-1);
        WriteAges(counters.Ages, frame);
        frame.Whole(options.DailyHalfLife.Ticks);
        WritePopularity(counters.Daily, frame);
        frame.Whole(options.HourlyHalfLife.Ticks);
        WritePopularity(counters.Hourly, frame);
        frame.WriteTo(output, Frame, courses);
    }

    public static CourseCounters Read(ReadOnlySpan<byte> saved, BaselineOptions options, CourseIndex courses)
    {
        var counters = new CourseCounters(options);
        var frame = new CourseFrameReader(saved, Frame, courses);
        var popularity = new HalfLives(frame.Whole(), options.PopularityHalfLife);
        var transitions = new HalfLives(frame.Whole(), options.TransitionHalfLife);
        ReadPopularity(ref frame, popularity, counters.Popularity);
        for (var course = frame.Course(); course >= 0; course = frame.Course())
            ReadRow(ref frame, transitions, counters.RowOf(course), options.SuccessorsPerCourse);
        if (frame.Version == 1)
            counters.Ages.AddNewest((long)(counters.Popularity.Epoch * options.PopularityHalfLife.TotalSeconds));
        else
        {
            ReadAges(ref frame, counters.Ages);
            ReadPopularity(ref frame, new(frame.Whole(), options.DailyHalfLife), counters.Daily);
            ReadPopularity(ref frame, new(frame.Whole(), options.HourlyHalfLife), counters.Hourly);
        }
        frame.End();
        return counters;
    }

    private static void WritePopularity(PopularityRow popularity, CourseFrameWriter frame)
    {
        frame.Signed(popularity.Epoch);
        for (var course = 0; course < popularity.Masses.Length; course++)
        {
            if (popularity.Masses[course] == 0)
                continue;
            frame.Course(course);
            frame.Number(popularity.Masses[course]);
        }
        frame.Course(-1);
    }

    private static void ReadPopularity(ref CourseFrameReader frame, HalfLives halfLives, PopularityRow popularity)
    {
        var (epoch, factor) = halfLives.Convert(frame.Signed());
        for (var course = frame.Course(); course >= 0; course = frame.Course())
            popularity.Add(course, Mass(ref frame) * factor, epoch);
    }

    private static void WriteAges(CourseAges ages, CourseFrameWriter frame)
    {
        frame.Signed(ages.Newest);
        for (var course = 0; course < ages.First.Length; course++)
        {
            if (ages.First[course] == CourseAges.Never)
                continue;
            frame.Course(course);
            frame.Signed(unchecked(ages.First[course] - ages.Newest));
        }
        frame.Course(-1);
    }

    private static void ReadAges(ref CourseFrameReader frame, CourseAges ages)
    {
        var newest = frame.Signed();
        ages.AddNewest(newest);
        for (var course = frame.Course(); course >= 0; course = frame.Course())
            ages.AddFirst(course, unchecked(newest + frame.Signed()));
    }

    private static void WriteRow(int course, SuccessorRow row, CourseFrameWriter frame)
    {
        frame.Course(course);
        frame.Signed(row.Epoch);
        frame.Whole(row.Count);
        for (var i = 0; i < row.Count; i++)
        {
            frame.Course(row.Courses[i]);
            frame.Number(row.Masses[i]);
            frame.Number(row.Errors[i]);
        }
    }

    private static void ReadRow(ref CourseFrameReader frame, HalfLives halfLives, SuccessorRow row, int capacity)
    {
        var (epoch, factor) = halfLives.Convert(frame.Signed());
        var entries = new (int Course, double Mass, double Error)[frame.Count()];
        foreach (ref var entry in entries.AsSpan())
            entry = (frame.Course(), Mass(ref frame) * factor, frame.ShortNumber() * factor);
        if (entries.Length > capacity)
            entries = [.. entries.OrderByDescending(entry => entry.Mass).Take(capacity)];
        foreach (var (course, mass, error) in entries)
        {
            if (course < 0 || row.Courses.Contains(course) || !(error >= 0 && error <= mass * 1.001))
                throw frame.Damaged("a successor makes no sense");
            row.Restore(course, mass, (float)error, epoch);
        }
    }

    private static double Mass(ref CourseFrameReader frame)
    {
        var mass = frame.Number();
        return mass >= 0 && double.IsFinite(mass) ? mass : throw frame.Damaged("a count is not a number from 0");
    }

    /// <summary>From the half-life that was saved to the one that counts now.</summary>
    private readonly struct HalfLives(long savedTicks, TimeSpan now)
    {
        /// <summary>The epoch now, and what masses as of the saved epoch weigh in it.</summary>
        public (long Epoch, double Factor) Convert(long epoch) =>
            savedTicks == now.Ticks || epoch == long.MinValue
                ? (epoch, 1)
                : Decay.At((long)(epoch * (savedTicks / (double)TimeSpan.TicksPerSecond)), 1 / now.TotalSeconds);
    }
}
