namespace CourseRec.Training.Data;

/// <summary>Reads the lines of one format into rows.</summary>
internal interface ILineFormat
{
    /// <summary>What the file turned out to be; known for sure once it is read.</summary>
    InteractionFormat Format { get; }

    /// <summary>Whether the rows have times.</summary>
    bool HasTimes { get; }

    /// <summary>Reads one line that is not blank.</summary>
    /// <exception cref="InteractionDataException">The line is malformed.</exception>
    void Read(ReadOnlySpan<byte> line);

    /// <summary>Whether a row still counts, now that the whole file is known.</summary>
    bool Keeps(int row) => true;
}
