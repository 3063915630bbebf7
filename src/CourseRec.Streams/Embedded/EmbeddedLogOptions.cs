namespace CourseRec.Streams.Embedded;

/// <summary>Where the embedded log is and how much it keeps.</summary>
public sealed record EmbeddedLogOptions
{
    private const long MiB = 1L << 20;

    /// <summary>
    /// The file. Its folder is made when missing; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> files stand beside it.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Partitions of a new log, 1 to 1,024. An existing log must have this many. Default 4.</summary>
    public int Partitions { get; init; } = 4;

    /// <summary>
    /// How long a record that is stored (see Commit) is kept, at least, and how long a dead letter is kept, at
    /// most, both from when the record was accepted. Default 7 days.
    /// </summary>
    public TimeSpan RetainFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Bytes of records kept, shared evenly by the partitions; beyond it the oldest stored records go early. Records
    /// that are not stored yet, and those of the minute before the last stored one, are never trimmed. Default 4 GiB.
    /// </summary>
    public long RetainBytes { get; init; } = 4096 * MiB;

    /// <summary>Dead letters kept; beyond it the oldest go early. Default 100,000.</summary>
    public int RetainDeadLetters { get; init; } = 100_000;

    /// <summary>How often the log is trimmed. Default 1 minute.</summary>
    public TimeSpan TrimEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Bytes that may wait to be written; beyond it appends are refused as busy. 1 MiB to 1 GiB, default 64 MiB.
    /// </summary>
    public long MaxQueuedBytes { get; init; } = 64 * MiB;

    /// <summary>
    /// Bytes of recent records held in memory for who follows, shared evenly by the partitions; a reader further behind
    /// reads the file. Default 64 MiB.
    /// </summary>
    public long TailBytes { get; init; } = 64 * MiB;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">One is out of range; the message names it, its value and what is
    /// allowed.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(Path), nameof(Path), Path, "a file's path");
        Require(Partitions is >= 1 and <= 1024, nameof(Partitions), Partitions, "1 to 1024");
        Require(RetainFor > TimeSpan.Zero, nameof(RetainFor), RetainFor, "more than 0");
        Require(RetainBytes >= MiB, nameof(RetainBytes), RetainBytes, $"{MiB} and more");
        Require(RetainDeadLetters >= 0, nameof(RetainDeadLetters), RetainDeadLetters, "0 and more");
        Require(
            TrimEvery >= TimeSpan.FromSeconds(1) && TrimEvery <= TimeSpan.FromDays(1),
            nameof(TrimEvery),
            TrimEvery,
            "1 second to 1 day"
        );
        Require(
            MaxQueuedBytes >= MiB && MaxQueuedBytes <= 1024 * MiB,
            nameof(MaxQueuedBytes),
            MaxQueuedBytes,
            $"{MiB} to {1024 * MiB}"
        );
        Require(TailBytes >= 0, nameof(TailBytes), TailBytes, "0 and more");
    }

    private static void Require(bool holds, string option, object value, string allowed)
    {
        if (!holds)
            throw new ArgumentException($"The embedded log's {option} is '{value}'; allowed is {allowed}.");
    }
}
