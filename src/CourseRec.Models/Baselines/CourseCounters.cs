using System.Buffers;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Baselines;

/// <summary>
/// One partition's shared counters: time-decayed popularity and course-to-course transitions, with bounded memory.
/// Order of observations does not matter beyond rounding, so partitions can be counted apart and merged for serving.
/// Not safe for concurrent use: its owner locks it.
/// </summary>
public sealed class CourseCounters
{
    /// <summary>Empty counters.</summary>
    public CourseCounters(BaselineOptions options) => throw new NotImplementedException();

    /// <summary>Counts one observation.</summary>
    public void Add(in Observation observation) => throw new NotImplementedException();

    /// <summary>Writes all counters, courses by id, with a format version.</summary>
    public void Save(IBufferWriter<byte> output, CourseIndex courses) => throw new NotImplementedException();

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged or of an unknown format; the message says which.</exception>
    public static CourseCounters Load(ReadOnlySpan<byte> saved, BaselineOptions options, CourseIndex courses) =>
        throw new NotImplementedException();
}
