using System.Buffers;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Baselines;

/// <summary>
/// One partition's shared counters: time-decayed popularity at three half-lives, each course's first observation and
/// course-to-course transitions, with bounded memory. Time is that of the observations, never the clock's.
/// Order of observations does not matter beyond rounding (and beyond which weak successors give way where a course has
/// more of them than are kept), so partitions can be counted apart and merged for serving. Not safe for concurrent
/// use: its owner locks it.
/// </summary>
public sealed class CourseCounters
{
    /// <summary>
    /// What a transition over one, two and three places weighs (sequential rules, Kamehkhosh et al. 2017).
    /// </summary>
    private static readonly double[] DistanceWeights = [1, 1.0 / 2, 1.0 / 3];

    private readonly BaselineOptions _options;
    private readonly Decay _transitions;
    private SuccessorRow?[] _successors = [];

    /// <summary>Empty counters.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public CourseCounters(BaselineOptions options)
    {
        options.Validate();
        _options = options;
        Popularity = new(options.PopularityHalfLife);
        Daily = new(options.DailyHalfLife);
        Hourly = new(options.HourlyHalfLife);
        _transitions = new(options.TransitionHalfLife);
    }

    /// <summary>Rises with every observation.</summary>
    internal long Revision { get; private set; }

    internal PopularityRow Popularity { get; }

    internal PopularityRow Daily { get; }

    internal PopularityRow Hourly { get; }

    internal CourseAges Ages { get; } = new();

    /// <summary>By course; null where nothing followed it, and beyond the end.</summary>
    internal ReadOnlySpan<SuccessorRow?> Successors => _successors;

    /// <summary>Counts one observation.</summary>
    public void Add(in Observation observation)
    {
        Revision++;
        Ages.Add(observation.Course, observation.Time);
        Popularity.Add(observation.Course, observation.Time);
        Daily.Add(observation.Course, observation.Time);
        Hourly.Add(observation.Course, observation.Time);
        if (observation.Previous1 < 0)
            return;
        var (epoch, weight) = _transitions.At(observation.Time);
        AddTransition(observation.Previous1, observation.Course, weight * DistanceWeights[0], epoch);
        AddTransition(observation.Previous2, observation.Course, weight * DistanceWeights[1], epoch);
        AddTransition(observation.Previous3, observation.Course, weight * DistanceWeights[2], epoch);
    }

    /// <summary>Writes all counters, courses by id, with a format version and a checksum.</summary>
    public void Save(IBufferWriter<byte> output, CourseIndex courses) =>
        CourseCountersFormat.Write(this, _options, output, courses);

    /// <summary>
    /// Reads what <see cref="Save"/> wrote. Under other half-lives than it was saved with, what was counted keeps its
    /// proportions and decays at the new rate from then on; a smaller bound keeps the strongest successors.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of an unknown format; the message says
    /// which.</exception>
    public static CourseCounters Load(ReadOnlySpan<byte> saved, BaselineOptions options, CourseIndex courses) =>
        CourseCountersFormat.Read(saved, options, courses);

    internal SuccessorRow RowOf(int course)
    {
        if (course >= _successors.Length)
            Array.Resize(ref _successors, Math.Max(course + 1, _successors.Length * 2));
        return _successors[course] ??= new();
    }

    private void AddTransition(int from, int to, double mass, long epoch)
    {
        if (from < 0 || from == to)
            return;
        var row = RowOf(from);
        row.Add(to, mass, epoch, _options.SuccessorsPerCourse);
        row.ChangedAt = Revision;
    }
}
