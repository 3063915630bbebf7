using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// One partition while a stream follows it: the poll thread gathers records, the stream takes them. What waits between
/// the two is bounded by pausing the fetch. Beside <see cref="ReadAsync"/>, <see cref="Fail"/> and
/// <see cref="Look"/>, all is for the poll thread.
/// </summary>
internal sealed class FollowedPartition(TopicPartition at, long from, TimeProvider time)
{
    private const int MaxWaitingRecords = 16_384;
    private const long MaxWaitingBytes = 8 << 20;
    private const int LooksUntilStuck = 5;
    private readonly Channel<ReadOnlyMemory<LogRecord>> _batches = Channel.CreateUnbounded<ReadOnlyMemory<LogRecord>>(
        new() { SingleReader = true, SingleWriter = false }
    );
    private readonly Lock _gate = new();
    private readonly List<LogRecord> _gathered = [];
    private IConsumer<Ignore, byte[]>? _client;
    private long _waitingRecords;
    private long _waitingBytes;
    private long _next = from;
    private long _expected = from;
    private OffsetRange _range;
    private long? _pausedAt;
    private long _lookedAt = from;
    private int _looksInVain;

    public int Number => at.Partition.Value;

    /// <summary>The client that fetches it.</summary>
    public IConsumer<Ignore, byte[]>? Client => Volatile.Read(ref _client);

    /// <summary>It was said that the topic may drop what was not taken.</summary>
    public bool IsRetentionNear { get; set; }

    /// <summary>Where the stream goes on.</summary>
    public long Next => Volatile.Read(ref _next);

    /// <summary>The offset after the last one that was gathered.</summary>
    public long Expected => Volatile.Read(ref _expected);

    /// <summary>What the partition held when it was last looked at, or more where more was taken.</summary>
    public OffsetRange Range
    {
        get
        {
            lock (_gate)
                return _range with { End = Math.Max(_range.End, Next) };
        }
        set
        {
            lock (_gate)
                _range = value;
        }
    }

    /// <summary>Records that were not taken yet.</summary>
    public long Lag => Range.End - Next;

    /// <summary>Fetches from where it was, whatever was fetched before.</summary>
    public void Start(IConsumer<Ignore, byte[]> client)
    {
        Volatile.Write(ref _client, client);
        client.IncrementalAssign([new TopicPartitionOffset(at, Expected)]);
        if (_pausedAt is not null)
            client.Pause([at]);
    }

    /// <summary>Fetches no more. The client remembers a pause beyond the assignment.</summary>
    public void Stop()
    {
        GoOn();
        _client!.IncrementalUnassign([at]);
    }

    /// <summary>
    /// The broker says what there is. Answers whether the client gets nothing, though there is something, for so many
    /// looks in a row.
    /// </summary>
    public bool Look(OffsetRange range)
    {
        var (expected, before) = (Expected, _lookedAt);
        Range = range;
        _lookedAt = expected;
        _looksInVain = expected == before && range.End > expected && _pausedAt is null ? _looksInVain + 1 : 0;
        return _looksInVain % LooksUntilStuck == LooksUntilStuck - 1;
    }

    /// <summary>
    /// A record that was fetched, or that there is none up to where the partition ends. Going on from a pause may fetch
    /// what was gathered already.
    /// </summary>
    public void Gather(ConsumeResult<Ignore, byte[]> result)
    {
        var next = result.IsPartitionEOF ? result.Offset : result.Offset + 1;
        if (next <= Expected)
            return;
        Volatile.Write(ref _expected, next);
        if (!result.IsPartitionEOF)
            _gathered.Add(RecordFormat.Read(result.Offset, result.Message.Timestamp, result.Message.Value));
    }

    /// <summary>Hands over what was gathered, and pauses the fetch or goes on with it.</summary>
    public void HandOver()
    {
        var records = _gathered.ToArray();
        _gathered.Clear();
        // Before the stream can take them away again.
        var waiting = Interlocked.Add(ref _waitingRecords, records.Length);
        var bytes = Interlocked.Add(ref _waitingBytes, BytesOf(records));
        for (var i = 0; i < records.Length; i += IPartitionReader.MaxBatch)
            _batches.Writer.TryWrite(records.AsMemory(i, Math.Min(IPartitionReader.MaxBatch, records.Length - i)));
        if (waiting >= MaxWaitingRecords || bytes >= MaxWaitingBytes)
            Pause();
        else if (waiting <= MaxWaitingRecords / 2 && bytes <= MaxWaitingBytes / 2)
            GoOn();
    }

    /// <summary>Ends the stream, behind what was gathered. The first reason counts.</summary>
    public void Fail(Exception reason) => _batches.Writer.TryComplete(reason);

    /// <summary>The stream's end.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await foreach (var batch in _batches.Reader.ReadAllAsync(cancel))
        {
            Interlocked.Add(ref _waitingRecords, -batch.Length);
            Interlocked.Add(ref _waitingBytes, -BytesOf(batch.Span));
            Volatile.Write(ref _next, batch.Span[^1].Offset + 1);
            yield return batch;
        }
    }

    private void Pause()
    {
        if (_pausedAt is not null)
            return;
        _client!.Pause([at]);
        _pausedAt = time.GetTimestamp();
    }

    private void GoOn()
    {
        if (_pausedAt is not { } since)
            return;
        _client!.Resume([at]);
        _pausedAt = null;
        KafkaMetrics.WasPaused(Number, time.GetElapsedTime(since));
    }

    private static long BytesOf(ReadOnlySpan<LogRecord> records)
    {
        var bytes = 0L;
        foreach (var record in records)
            bytes += record.Value.Length;
        return bytes;
    }
}
