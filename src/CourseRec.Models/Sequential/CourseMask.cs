namespace CourseRec.Models.Sequential;

/// <summary>
/// A set of a model's courses, one bit each: those that must not be recommended. Not safe for concurrent changes.
/// </summary>
public sealed class CourseMask
{
    private ulong[] _bits = [];

    /// <summary>Puts a course in; it may be one that the model does not know.</summary>
    public void Add(int course)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(course);
        if (course / 64 >= _bits.Length)
            Array.Resize(ref _bits, Math.Max(course / 64 + 1, _bits.Length * 2));
        _bits[course / 64] |= 1UL << (course % 64);
    }

    /// <summary>Takes a course out.</summary>
    public void Remove(int course)
    {
        if ((uint)course / 64 < (uint)_bits.Length)
            _bits[course / 64] &= ~(1UL << (course % 64));
    }

    /// <summary>Takes all courses out.</summary>
    public void Clear() => Array.Clear(_bits);

    /// <summary>Whether a course is in.</summary>
    public bool Contains(int course) =>
        (uint)course / 64 < (uint)_bits.Length && (_bits[course / 64] >> (course % 64) & 1) != 0;
}
