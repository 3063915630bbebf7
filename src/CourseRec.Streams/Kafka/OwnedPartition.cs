using System.Threading.Channels;
using CourseRec.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// One partition while this process has it: the poll thread gathers records, a task of its own delivers them in order.
/// What waits to be delivered is bounded by pausing the fetch.
/// </summary>
internal sealed class OwnedPartition(
    int number,
    ILogConsumer consumer,
    IFetcher fetcher,
    TimeProvider time,
    ILogger logger
)
{
    private const int MaxWaitingRecords = 16_384;
    private const long MaxWaitingBytes = 8 << 20;
    private readonly Channel<LogRecord[]> _batches = Channel.CreateUnbounded<LogRecord[]>(
        new() { SingleReader = true, SingleWriter = true }
    );
    private readonly CancellationTokenSource _released = new();
    private readonly Lock _gate = new();
    private List<LogRecord> _gathered = [];
    private Task _delivering = Task.CompletedTask;
    private Task? _releasing;
    private long _waitingRecords;
    private long _waitingBytes;
    private long _next;
    private OffsetRange _range;
    private volatile bool _isFetching;
    private volatile bool _isPaused;
    private long _pausedAt;

    public int Number => number;

    /// <summary>It was said that the topic may trim what was not delivered.</summary>
    public bool IsRetentionNear { get; set; }

    /// <summary>Not asked to be released.</summary>
    public bool IsHeld => !_released.IsCancellationRequested;

    /// <summary>Where delivery goes on; -1 before it began.</summary>
    public long Next => _isFetching ? Volatile.Read(ref _next) : -1;

    /// <summary>From the poll thread: the offset after the last one that was gathered.</summary>
    public long Expected { get; private set; }

    /// <summary>What the partition held when it was last looked at, or more where more was delivered.</summary>
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

    /// <summary>Records that were not delivered yet.</summary>
    public long Lag => _isFetching ? Range.End - Next : 0;

    /// <summary>Starts, when what had the partition before is done.</summary>
    public void Start(Task before) => _delivering = Task.Run(() => RunAsync(before));

    /// <summary>From the poll thread: a record that was fetched. One that was delivered already is left out.</summary>
    public void Gather(in LogRecord record)
    {
        if (!_isFetching || !IsHeld || record.Offset < Expected)
            return;
        Expected = record.Offset + 1;
        _gathered.Add(record);
        Interlocked.Add(ref _waitingBytes, record.Value.Length);
    }

    /// <summary>From the poll thread: hands over what was gathered.</summary>
    public void HandOver()
    {
        if (_gathered.Count == 0)
            return;
        // Before the deliverer can see the batch: it resumes only what it sees paused.
        var waiting = Interlocked.Add(ref _waitingRecords, _gathered.Count);
        if (!_isPaused && (waiting >= MaxWaitingRecords || Interlocked.Read(ref _waitingBytes) >= MaxWaitingBytes))
        {
            _pausedAt = time.GetTimestamp();
            _isPaused = true;
            fetcher.Pause(this);
        }
        _batches.Writer.TryWrite([.. _gathered]);
        _gathered.Clear();
    }

    /// <summary>Ends delivery, then tells the consumer; answers when both are done. The first reason counts.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="discard">When it fires, what is not stored yet is discarded.</param>
    public Task ReleaseAsync(ReleaseReason reason, CancellationToken discard)
    {
        lock (_gate)
            return _releasing ??= Task.Run(() => EndAsync(reason, discard));
    }

    private async Task EndAsync(ReleaseReason reason, CancellationToken discard)
    {
        await _released.CancelAsync();
        await _delivering;
        try
        {
            await consumer.OnReleasedAsync(number, reason, discard);
        }
        catch (Exception e)
        {
            fetcher.Fail(e);
        }
    }

    private async Task RunAsync(Task before)
    {
        try
        {
            await before;
            await BeginAsync();
            await foreach (var batch in _batches.Reader.ReadAllAsync(_released.Token))
                await DeliverAsync(batch);
        }
        catch (OperationCanceledException) when (_released.IsCancellationRequested)
        {
            // Released.
        }
        catch (PartitionStoppedException e)
        {
            fetcher.Pause(this);
            logger.PartitionStopped(number, e.Message, e);
        }
        catch (Exception e)
        {
            fetcher.Fail(e);
        }
    }

    private async Task BeginAsync()
    {
        var range = await fetcher.RangeAsync(number, _released.Token);
        Range = range;
        var next = Math.Max(await consumer.OnAssignedAsync(number, range, _released.Token), range.First);
        if (next > range.End)
            throw new PartitionStoppedException(
                $"Partition {number} was to be read from offset {next}, and the topic ends at {range.End}. The log "
                    + "is older than what "
                    + "was stored of it: put the right one back, or open a new generation (courserec generation open)."
            );
        Expected = next;
        Volatile.Write(ref _next, next);
        fetcher.Fetch(this, next, () => _isFetching = true);
    }

    private async ValueTask DeliverAsync(LogRecord[] batch)
    {
        await consumer.OnRecordsAsync(number, batch, _released.Token);
        Volatile.Write(ref _next, batch[^1].Offset + 1);
        var records = Interlocked.Add(ref _waitingRecords, -batch.Length);
        var bytes = Interlocked.Add(ref _waitingBytes, -batch.Sum(record => (long)record.Value.Length));
        if (!_isPaused || records > MaxWaitingRecords / 2 || bytes > MaxWaitingBytes / 2)
            return;
        KafkaMetrics.WasPaused(number, time.GetElapsedTime(_pausedAt));
        fetcher.Resume(this, () => _isPaused = false);
    }
}

/// <summary>
/// What a partition asks of the group member; its effects come with the next turn of the poll thread.
/// </summary>
internal interface IFetcher
{
    /// <summary>The offsets that the partition holds now; asked again until the broker answers.</summary>
    Task<OffsetRange> RangeAsync(int partition, CancellationToken cancel);

    /// <summary>Fetches from an offset on.</summary>
    void Fetch(OwnedPartition partition, long next, Action started);

    void Pause(OwnedPartition partition);

    void Resume(OwnedPartition partition, Action resumed);

    /// <summary>Ends the consumption with a failure.</summary>
    void Fail(Exception reason);
}
