namespace CourseRec.Actors;

/// <summary>
/// The version of everything: a place in the interaction log. One <em>generation</em> is one life of the log (its
/// identity and partition count); within it, a partition's offsets only grow. Versions of different partitions are not
/// comparable.
/// </summary>
/// <param name="Value">generation &lt;&lt; 40 | offset. 0 stands before every record.</param>
public readonly record struct LogVersion(long Value) : IComparable<LogVersion>
{
    private const int OffsetBits = 40;

    /// <summary>The highest offset that a version can name.</summary>
    public const long MaxOffset = (1L << OffsetBits) - 1;

    /// <summary>The version before every record.</summary>
    public static readonly LogVersion None = new(0);

    /// <summary>The generation, from 1; 0 for <see cref="None"/>.</summary>
    public int Generation => (int)(Value >> OffsetBits);

    /// <summary>The offset within the partition, from 0.</summary>
    public long Offset => Value & MaxOffset;

    /// <summary>The version of the next record.</summary>
    public LogVersion Next => new(Value + 1);

    /// <summary>The version of the record at an offset.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The generation is not positive, or the offset is negative or 2^40
    /// and more.</exception>
    public static LogVersion At(int generation, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(generation);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, MaxOffset);
        return new((long)generation << OffsetBits | offset);
    }

    /// <inheritdoc/>
    public int CompareTo(LogVersion other) => Value.CompareTo(other.Value);

    /// <summary>Orders two versions of one partition.</summary>
    public static bool operator <(LogVersion left, LogVersion right) => left.Value < right.Value;

    /// <summary>Orders two versions of one partition.</summary>
    public static bool operator >(LogVersion left, LogVersion right) => left.Value > right.Value;

    /// <summary>Orders two versions of one partition.</summary>
    public static bool operator <=(LogVersion left, LogVersion right) => left.Value <= right.Value;

    /// <summary>Orders two versions of one partition.</summary>
    public static bool operator >=(LogVersion left, LogVersion right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public override string ToString() => $"{Generation}/{Offset}";
}
