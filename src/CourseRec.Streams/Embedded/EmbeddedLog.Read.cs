using System.Runtime.CompilerServices;
using CourseRec.Actors.Ports;
using CourseRec.Sqlite;
using Microsoft.Data.Sqlite;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    /// <inheritdoc/>
    public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel) =>
        new(PartitionAt(partition).Range);

    /// <inheritdoc/>
    public ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel)
    {
        var range = PartitionAt(partition).Range;
        return new(Read(reader => reader.Find(partition, acceptedAt, range)) ?? range.End);
    }

    /// <inheritdoc/>
    /// <exception cref="PartitionStoppedException">Records are damaged or missing; the message says which.</exception>
    /// <exception cref="LogUnavailableException">The file can't be read now.</exception>
    public IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(int partition, long from, CancellationToken cancel)
    {
        var range = PartitionAt(partition).Range;
        return ReadToAsync(partition, Math.Max(from, range.First), range.End, cancel);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = 0L; ; )
        {
            cancel.ThrowIfCancellationRequested();
            var letters = await Task.Run(() => Read(reader => reader.Letters(after)), cancel);
            if (letters.Count == 0)
                yield break;
            foreach (var (_, letter) in letters)
                yield return letter;
            after = letters[^1].Id;
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadToAsync(
        int partition,
        long next,
        long end,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        while (next < end)
        {
            cancel.ThrowIfCancellationRequested();
            var (from, batches) = (next, await Task.Run(() => ReadBatches(partition, next, end), cancel));
            if (batches.Count == 0)
                yield break;
            yield return BatchCodec.Read(batches, from);
            next = batches[^1].End;
        }
    }

    private List<Batch> ReadBatches(int partition, long from, long end)
    {
        try
        {
            return Read(reader => reader.Read(partition, from, end, BatchBuilder.MaxRecords));
        }
        catch (LogUnavailableException e)
            when (e.InnerException is SqliteException engine && SqliteFile.IsDamage(engine))
        {
            throw new PartitionStoppedException(e.Message, e.InnerException);
        }
    }

    private T Read<T>(Func<LogReader, T> read)
    {
        try
        {
            return _readers.Read(read);
        }
        catch (SqliteException e)
        {
            throw new LogUnavailableException(_file.Explain(e), e);
        }
    }
}
