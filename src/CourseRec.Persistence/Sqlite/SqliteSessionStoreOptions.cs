namespace CourseRec.Persistence.Sqlite;

/// <summary>Settings of a <see cref="SqliteSessionStore"/>.</summary>
public sealed record SqliteSessionStoreOptions
{
    private const long Smallest = 1L << 20;

    /// <summary>The file. It and its folder are made when missing.</summary>
    public required string Path { get; init; }

    /// <summary>Page cache of the writing and of the reading connection, each, in bytes; from 1 MiB.</summary>
    public long CacheBytes { get; init; } = 16L << 20;

    /// <summary>
    /// The size, in bytes, at which the write-ahead log is copied into the file and begun anew; from 1 MiB. A larger
    /// one saves writes (a session written twice meanwhile is copied once), a smaller one saves disk and start-up
    /// time.
    /// </summary>
    public long WalBytes { get; init; } = 128L << 20;

    /// <summary>How long to wait for another process that is writing to the file; at least 0.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Refuses settings that can't work.</summary>
    /// <exception cref="ArgumentException">The message names the setting, its value and what is allowed.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Path))
            throw new ArgumentException($"{nameof(Path)} is empty; it must name the session store's file.");
        if (CacheBytes < Smallest)
            throw new ArgumentException($"{nameof(CacheBytes)} is {CacheBytes}; at least {Smallest} is needed.");
        if (WalBytes < Smallest)
            throw new ArgumentException($"{nameof(WalBytes)} is {WalBytes}; at least {Smallest} is needed.");
        if (BusyTimeout < TimeSpan.Zero)
            throw new ArgumentException($"{nameof(BusyTimeout)} is {BusyTimeout}; it can't be negative.");
    }
}
