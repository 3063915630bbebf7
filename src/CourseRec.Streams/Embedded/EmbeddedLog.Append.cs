using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Embedded;

public sealed partial class EmbeddedLog
{
    /// <summary>What a queued item counts against the bound beside its bytes.</summary>
    private const int ItemOverhead = 64;

    private readonly Lock _gate = new();
    private WriteGroup _pending;
    private long _queuedBytes;
    private bool _isClosed;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PartitionEnd>> AppendAsync(
        IReadOnlyList<NewRecord> records,
        CancellationToken cancel
    )
    {
        long bytes = 0;
        foreach (var record in records)
        {
            PartitionAt(record.Partition);
            bytes += BatchCodec.MaxSize(record);
        }
        await EnqueueAsync(
            bytes,
            records,
            static (group, records) =>
            {
                foreach (var record in records)
                    group.Builders[record.Partition].Add(record);
            },
            cancel
        );
        return [.. records.Select(r => r.Partition).Distinct().Select(p => new PartitionEnd(p, EndOf(p)))];
    }

    /// <inheritdoc/>
    public ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel)
    {
        var copies = letters.Select(l => l with { Value = l.Value.ToArray() }).ToList();
        var bytes = copies.Sum(l => (long)l.Value.Length + l.Reason.Length + ItemOverhead);
        return EnqueueAsync(bytes, copies, static (group, letters) => group.Letters.AddRange(letters), cancel);
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(IReadOnlyList<NewCatalogueRecord> records, CancellationToken cancel)
    {
        var copies = records.Select(r => r with { Value = r.Value.ToArray() }).ToList();
        var bytes = copies.Sum(r => (long)r.Value.Length + r.Course.Length + ItemOverhead);
        return EnqueueAsync(bytes, copies, static (group, records) => group.Courses.AddRange(records), cancel);
    }

    /// <summary>Positions move after a commit, so that all below the end is durable.</summary>
    private long EndOf(int partition) => _partitions[partition].Position.End;

    /// <summary>Copies something into the next group, wakes the writer and waits for the group.</summary>
    private async ValueTask EnqueueAsync<T>(long bytes, T item, Action<WriteGroup, T> add, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (bytes == 0)
            return;
        if (bytes > _options.MaxQueuedBytes)
            throw new ArgumentException(
                $"One append of {bytes} bytes is more than the log's MaxQueuedBytes ({_options.MaxQueuedBytes}). "
                    + "Append it in parts."
            );
        Task done;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_queuedBytes + bytes > _options.MaxQueuedBytes)
                throw new LogBusyException(
                    $"{_queuedBytes} bytes are waiting to be written to {_file.Path} already. Try again in a moment."
                );
            add(_pending, item);
            _pending.Bytes += bytes;
            _queuedBytes += bytes;
            done = _pending.Done.Task;
        }
        _wake.Set();
        await done.WaitAsync(cancel);
    }
}
