using System.Numerics;

namespace CourseRec.Models.Baselines;

/// <summary>
/// The courses that were taken after one course, at most a given number of them: weighted Space-Saving (Metwally et
/// al. 2005). A course that finds no room takes over the weakest's place with its mass, and remembers that mass as its
/// possible error; so the masses always add up to all that was ever counted here.
/// </summary>
/// <remarks>
/// Forward decay (Cormode et al. 2009): masses are as of the start of the half-life that holds the newest observation
/// (<see cref="Epoch"/>). A newer one rescales the row by a power of two, an older one counts for less; neither
/// rounds, so the order of observations does not matter, and nothing can overflow. What is a thousand half-lives older
/// than the newest vanishes.
/// </remarks>
internal sealed class SuccessorRow
{
    private const int FirstRoom = 4;

    private int[] _courses = new int[FirstRoom];
    private double[] _masses = new double[FirstRoom];
    private float[] _errors = new float[FirstRoom];

    /// <summary>Courses, [Count].</summary>
    public ReadOnlySpan<int> Courses => _courses.AsSpan(0, Count);

    /// <summary>Decayed masses as of <see cref="Epoch"/>, [Count].</summary>
    public ReadOnlySpan<double> Masses => _masses.AsSpan(0, Count);

    /// <summary>How much of each mass may belong to courses that gave way, [Count].</summary>
    public ReadOnlySpan<float> Errors => _errors.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>In half-lives since 1970, whole.</summary>
    public long Epoch { get; private set; } = long.MinValue;

    /// <summary>The counters' revision when this row last changed.</summary>
    public long ChangedAt { get; set; }

    /// <summary>Adds mass as of an epoch to a course.</summary>
    public void Add(int course, double mass, long epoch, int capacity)
    {
        if (epoch > Epoch)
            MoveTo(epoch);
        else if (epoch < Epoch)
            mass = Decay.Shift(mass, epoch - Epoch);
        var place = Courses.IndexOf(course);
        if (place >= 0)
            _masses[place] += mass;
        else if (Count < capacity)
            Append(course, mass, 0);
        else
            TakeOver(course, mass);
    }

    /// <summary>Sets a new row as it was saved.</summary>
    public void Restore(int course, double mass, float error, long epoch)
    {
        Epoch = epoch;
        Append(course, mass, error);
    }

    private void MoveTo(long epoch)
    {
        for (var i = 0; i < Count; i++)
        {
            _masses[i] = Decay.Shift(_masses[i], Epoch - epoch);
            _errors[i] = (float)Decay.Shift(_errors[i], Epoch - epoch);
        }
        Epoch = epoch;
    }

    private void Append(int course, double mass, float error)
    {
        if (Count == _courses.Length)
        {
            Array.Resize(ref _courses, Count * 2);
            Array.Resize(ref _masses, Count * 2);
            Array.Resize(ref _errors, Count * 2);
        }
        (_courses[Count], _masses[Count], _errors[Count]) = (course, mass, error);
        Count++;
    }

    private void TakeOver(int course, double mass)
    {
        var weakest = IndexOfLeast(Masses);
        _courses[weakest] = course;
        _errors[weakest] = (float)_masses[weakest];
        _masses[weakest] += mass;
    }

    private static int IndexOfLeast(ReadOnlySpan<double> masses)
    {
        var least = new Vector<double>(double.MaxValue);
        var i = 0;
        for (; i <= masses.Length - Vector<double>.Count; i += Vector<double>.Count)
            least = Vector.Min(least, new Vector<double>(masses[i..]));
        var minimum = double.MaxValue;
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            minimum = Math.Min(minimum, least[lane]);
        for (; i < masses.Length; i++)
            minimum = Math.Min(minimum, masses[i]);
        return masses.IndexOf(minimum);
    }
}
