namespace CourseRec.Actors.Ports;

/// <summary>The catalogue: a log of one partition, compacted by course. Every node folds all of it.</summary>
public interface ICatalogueLog
{
    /// <summary>Appends course records in order; completes when all are durable.</summary>
    /// <exception cref="LogUnavailableException">The log can't be written now (HTTP 503).</exception>
    ValueTask AppendAsync(IReadOnlyList<NewCatalogueRecord> records, CancellationToken cancel);

    /// <summary>One past the last offset.</summary>
    ValueTask<long> EndAsync(CancellationToken cancel);

    /// <summary>Reads from an offset and goes on as records arrive, until cancelled.</summary>
    IAsyncEnumerable<CatalogueRecord> FollowAsync(long from, CancellationToken cancel);
}

/// <summary>A course to write.</summary>
/// <param name="Course">The course's id.</param>
/// <param name="Value">JSON; empty when the course is deleted.</param>
public readonly record struct NewCatalogueRecord(string Course, ReadOnlyMemory<byte> Value);

/// <summary>A course as written at an offset.</summary>
/// <param name="Offset">Its place in the catalogue log. Compaction leaves gaps.</param>
/// <param name="Course">The course's id.</param>
/// <param name="Value">JSON; empty when the course was deleted.</param>
public readonly record struct CatalogueRecord(long Offset, string Course, ReadOnlyMemory<byte> Value);
