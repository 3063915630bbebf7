using System.Threading.Channels;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Sessions;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Shards;

/// <summary>
/// The actors of one partition's users: one loop, one writer. It drains its mailbox in micro-batches: fold, judge,
/// push, answer, store. The mailbox is bounded; when it is full the partition is paused.
/// </summary>
internal sealed partial class SessionShard
{
    private const int RecordsPerMessage = 256;
    private readonly ShardServices _services;
    private readonly int _partition;
    private readonly int _generation;
    private readonly Channel<ShardMessage> _mailbox;
    private readonly CancellationTokenSource _abandoned;
    private readonly ResidentSessions _sessions = new();
    private readonly PartitionCounters _counters;
    private readonly RecordReader _reader;
    private readonly SessionCodec _codec;
    private readonly UserSession _session;
    private readonly ListMaker _lists;
    private readonly PrequentialJudge _judge;
    private readonly List<ShardMessage.Question> _questions = [];
    private Task _loop = Task.CompletedTask;
    private long _end;
    private long _applied;
    private volatile string? _problem;
    private volatile string? _waitsFor;
    private volatile bool _isTickPending;

    public SessionShard(int partition, int generation, ShardServices services, CancellationToken abandon)
    {
        var options = services.Options;
        _services = services;
        _partition = partition;
        _generation = generation;
        _abandoned = CancellationTokenSource.CreateLinkedTokenSource(abandon);
        _mailbox = Channel.CreateBounded<ShardMessage>(
            new BoundedChannelOptions(Math.Max(2, options.MailboxRecords / RecordsPerMessage)) { SingleReader = true }
        );
        _counters = new PartitionCounters(options.Baselines, services.Courses);
        _reader = new RecordReader(partition, services.Log.Identity, generation, services.Courses, _sessions);
        _codec = new SessionCodec(options.Rules, services.Courses);
        _session = new UserSession(options.Rules);
        _lists = new ListMaker(services.Courses, services.Catalogue, options.Rules.HistoryLength);
        _judge = new PrequentialJudge(
            options.JudgedShare,
            options.Rules.HistoryLength,
            _lists,
            services.JudgeWindow,
            _counters,
            services.Recommender.Instant,
            services.Judged
        );
    }

    /// <summary>The shard's counters; lock them while reading.</summary>
    public Models.Baselines.CourseCounters Counters => _counters.Courses;

    /// <summary>What a contender has come to in this partition.</summary>
    public JudgeTotals JudgedBy(string contender)
    {
        lock (Counters)
            return _counters.Judged.GetValueOrDefault(contender);
    }

    public ShardStatus Status =>
        new(
            _partition,
            _problem is not null ? ShardState.Stopped
                : _waitsFor is not null ? ShardState.Waiting
                : Volatile.Read(ref _applied) < _caughtUpAt ? ShardState.CatchingUp
                : ShardState.Running,
            Volatile.Read(ref _end),
            Volatile.Read(ref _applied),
            Volatile.Read(ref _stored),
            _sessions.Count,
            _watches.Count,
            _parked.Count,
            _problem ?? _waitsFor
        );

    /// <summary>Hands records over; waits while the mailbox is full.</summary>
    public async ValueTask PostAsync(ReadOnlyMemory<LogRecord> records, CancellationToken cancel)
    {
        for (var at = 0; at < records.Length; at += RecordsPerMessage)
        {
            ThrowIfStopped();
            var chunk = records.Slice(at, Math.Min(RecordsPerMessage, records.Length - at));
            if (!await TryWriteAsync(new ShardMessage.Records(chunk), cancel))
                ThrowIfStopped();
        }
    }

    /// <summary>Tells the shard something about a user.</summary>
    /// <exception cref="NotOwnedException">The partition is not served here, or stopped.</exception>
    public async ValueTask PostAsync(ShardMessage.Question question, CancellationToken cancel)
    {
        if (!await TryWriteAsync(question, cancel))
            throw NotServed();
    }

    /// <summary>
    /// Tells the shard that time has passed and where the log ends. Dropped when the shard is busy anyway.
    /// </summary>
    public void Tick(long end)
    {
        Volatile.Write(ref _end, end);
        if (_isTickPending)
            return;
        _isTickPending = true;
        if (!_mailbox.Writer.TryWrite(new ShardMessage.Tick()))
            _isTickPending = false;
    }

    /// <summary>Folds what was posted, stores it and ends. When cancelled, it stores nothing more.</summary>
    public async Task DrainAsync(CancellationToken discard)
    {
        _mailbox.Writer.TryComplete();
        await using (discard.Register(_abandoned.Cancel))
            await _loop;
    }

    /// <summary>Ends at once and stores nothing more: somebody else may own the partition already.</summary>
    public async Task AbandonAsync()
    {
        _mailbox.Writer.TryComplete();
        await _abandoned.CancelAsync();
        await _loop;
    }

    /// <summary>Starts the loop, once the partition's state is restored.</summary>
    private void Start() => _loop = Task.Run(RunAsync);

    private async Task RunAsync()
    {
        try
        {
            while (await _mailbox.Reader.WaitToReadAsync(_abandoned.Token))
            {
                Gather();
                await LoadMissingAsync();
                FoldBatch();
                PushChanged();
                AnswerQuestions();
                await FlushIfDueAsync();
                _sessions.Shrink(_services.Options.MaxResidentSessions / _services.Log.Identity.Partitions);
            }
            await FlushEverythingAsync();
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            ActorsLog.PartitionAbandoned(_services.Logger, _partition);
        }
        catch (Exception e)
        {
            Stop(e);
            await _abandoned.CancelAsync();
        }
        _mailbox.Writer.TryComplete();
        await _flush.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        RefuseQuestions();
    }

    private void Gather()
    {
        var room = RecordsPerMessage * 8;
        while (room > 0 && _mailbox.Reader.TryRead(out var message))
        {
            switch (message)
            {
                case ShardMessage.Records records:
                    Read(records.Batch.Span);
                    room -= records.Batch.Length;
                    break;
                case ShardMessage.Question question:
                    _questions.Add(question);
                    room--;
                    break;
                case ShardMessage.Tick:
                    _isTickPending = false;
                    OnTick();
                    break;
            }
        }
    }

    private void Read(ReadOnlySpan<LogRecord> records)
    {
        foreach (ref readonly var record in records)
            _reader.Read(record);
        _read = LogVersion.At(_generation, records[^1].Offset);
        _readAcceptedAt = records[^1].AcceptedAt;
        _unstoredRecords += records.Length;
    }

    /// <summary>Going on could lose or double events: nothing more is folded or stored, reads are refused.</summary>
    private void Stop(Exception reason)
    {
        _problem = reason.Message;
        if (reason is PartitionStoppedException)
            ActorsLog.PartitionStopped(_services.Logger, _partition, reason.Message);
        else
            ActorsLog.PartitionFailed(_services.Logger, _partition, reason);
        _mailbox.Writer.TryComplete();
    }

    private void ThrowIfStopped()
    {
        if (_problem is { } problem)
            throw new PartitionStoppedException(problem);
    }

    /// <summary>Answers false when the shard takes nothing any more.</summary>
    private async ValueTask<bool> TryWriteAsync(ShardMessage message, CancellationToken cancel)
    {
        try
        {
            await _mailbox.Writer.WriteAsync(message, cancel);
            return true;
        }
        catch (ChannelClosedException)
        {
            return false;
        }
    }

    private NotOwnedException NotServed() => new(_problem ?? $"partition {_partition} is not served here any more");

    private void RefuseQuestions()
    {
        foreach (var question in _questions)
            question.Refuse(NotServed());
        while (_mailbox.Reader.TryRead(out var message))
            (message as ShardMessage.Question)?.Refuse(NotServed());
    }
}
