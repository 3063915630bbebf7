using Akka.Actor;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A partition of the log: restores what is stored, folds what it is given, stores it, and hands it over when it is
/// told to stop. What goes wrong with the partition stops it for good, with what was found: going on could lose or
/// double events. It answers questions then with the reason.
/// </summary>
internal sealed class PartitionActor : UntypedActor
{
    private readonly PartitionServices _services;
    private readonly int _partition;
    private readonly int _generation;
    private readonly PartitionCounters _counters;
    private readonly PartitionProgress _progress;
    private readonly PartitionStore _store;
    private readonly CancellationTokenSource _abandoned = new();
    private PartitionUsers? _users;
    private IActorRef? _starter;
    private IActorRef? _feeder;
    private IActorRef? _stopper;
    private bool _isLoading;
    private bool _isFlushing;
    private long _flushedAt;

    public PartitionActor(
        PartitionServices services,
        int partition,
        int generation,
        PartitionCounters counters,
        PartitionProgress progress
    )
    {
        (_services, _partition, _generation) = (services, partition, generation);
        (_counters, _progress) = (counters, progress);
        _store = new PartitionStore(services, partition, progress);
    }

    /// <summary>A user's actor fails when it is broken itself; what its records do to it is an answer.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(reason =>
        {
            Self.Tell(new Failed(reason));
            return Directive.Stop;
        });

    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            Stop(e);
        }
    }

    protected override void PostStop() => _abandoned.Cancel();

    private void Handle(object message)
    {
        switch (message)
        {
            case Restore restore:
                OnRestore(restore);
                break;
            case RestoredPartition restored:
                OnRestored(restored);
                break;
            case TakeRecords records:
                OnRecords(records);
                break;
            case Question question:
                OnQuestion(question);
                break;
            case Applied applied:
                _users!.OnApplied(applied);
                GoOn();
                break;
            case Loaded loaded:
                _isLoading = false;
                _users!.Load(loaded.Cells, loaded.Stored);
                GoOn();
                break;
            case Flushed flushed:
                _isFlushing = false;
                _users!.OnStored(flushed.Flush);
                GoOn();
                break;
            case FlushFailed failed:
                _isFlushing = false;
                Stop(failed.Reason);
                break;
            case Tick tick:
                _progress.End = tick.End;
                _users?.MakeLists();
                GoOn();
                break;
            case Refreshed:
                _users!.OnRefreshed();
                break;
            case Failed failed:
                Stop(failed.Reason);
                break;
            case Drain:
                _stopper = Sender;
                GoOn();
                break;
            case Abandon:
                OnAbandon();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnRestore(Restore restore)
    {
        _starter = Sender;
        new PartitionRestorer(_services, _store, _partition, _generation)
            .RestoreAsync(_counters, restore.Range, _abandoned.Token)
            .PipeTo(Self, failure: e => new Failed(e));
    }

    private void OnRestored(RestoredPartition restored)
    {
        var user = new UserServices(_services, _partition, _generation, restored.Format, _counters.Version);
        _users = new PartitionUsers(user, restored, _counters, _progress, () => Context.ActorOf(UserActor.Props(user)));
        _progress.Begin(restored, _generation);
        var (first, end) = restored.Range;
        ActorsLog.PartitionAssigned(_services.Logger, _partition, restored.From, first, end);
        _starter.Tell(new Restored(restored.From));
        GoOn();
    }

    private void OnRecords(TakeRecords records)
    {
        if (_stopper is not null)
        {
            Sender.Tell(new Status.Failure(NotServed()));
            return;
        }
        _feeder = Sender;
        _users!.Take(records.Batch);
        GoOn();
    }

    private void OnQuestion(Question question)
    {
        if (_users is null || _stopper is not null)
            Sender.Tell(new Status.Failure(NotServed()));
        else
            _users.Ask(question, Sender);
        GoOn();
    }

    /// <summary>Whatever happened, more may be possible now.</summary>
    private void GoOn()
    {
        if (_users is null)
        {
            if (_stopper is not null)
                OnAbandon();
            return;
        }
        if (!_isLoading && _users.Send() is { } missing)
            Load(missing);
        if (!_isFlushing && IsFlushDue())
            Flush();
        if (_feeder is { } feeder && _users.HasRoom)
        {
            _feeder = null;
            feeder.Tell(Taken.It);
        }
        if (_stopper is not null && _users.IsIdle && !_isFlushing)
            Halt();
    }

    private bool IsFlushDue() =>
        _users!.UnstoredRecords >= _services.Options.MaxUnstoredRecords / 2
        || _stopper is not null
        || _services.Time.GetElapsedTime(_flushedAt) >= _services.Options.FlushInterval;

    private void Load(IReadOnlyList<SessionCell> cells)
    {
        _isLoading = true;
        _store
            .LoadAsync([.. cells.Select(cell => cell.User)], _abandoned.Token)
            .PipeTo(Self, success: stored => new Loaded(cells, stored), failure: e => new Failed(e));
    }

    private void Flush()
    {
        _flushedAt = _services.Time.GetTimestamp();
        if (_users!.TakeFlush() is not { } flush)
            return;
        _isFlushing = true;
        Task.Run(() => FlushAsync(flush))
            .PipeTo(Self, success: () => new Flushed(flush), failure: e => new FlushFailed(e));
    }

    private async Task FlushAsync(PendingFlush flush)
    {
        await _store.FlushAsync(flush, _abandoned.Token);
        await _store.CommitAsync(flush.Next, _abandoned.Token);
    }

    private void OnAbandon()
    {
        ActorsLog.PartitionAbandoned(_services.Logger, _partition);
        Halt();
    }

    /// <summary>Going on could lose or double events: nothing more is folded or stored, reads are refused.</summary>
    private void Stop(Exception reason)
    {
        _progress.Problem = reason.Message;
        if (reason is PartitionStoppedException)
            ActorsLog.PartitionStopped(_services.Logger, _partition, reason.Message);
        else
            ActorsLog.PartitionFailed(_services.Logger, _partition, reason);
        Halt();
    }

    private void Halt()
    {
        Become(Halted);
        _abandoned.Cancel();
        foreach (var user in Context.GetChildren())
            Context.Stop(user);
        if (_users is null)
            _starter?.Tell(new Status.Failure(new PartitionStoppedException(NotServed().Message)));
        _users?.Refuse(NotServed());
        _feeder?.Tell(new Status.Failure(new PartitionStoppedException(NotServed().Message)));
        SayStopped();
    }

    private void Halted(object message)
    {
        switch (message)
        {
            case TakeRecords:
                Sender.Tell(new Status.Failure(new PartitionStoppedException(NotServed().Message)));
                break;
            case Question:
                Sender.Tell(new Status.Failure(NotServed()));
                break;
            case Drain:
                _stopper = Sender;
                SayStopped();
                break;
            case Flushed or FlushFailed:
                _isFlushing = false;
                SayStopped();
                break;
        }
    }

    private void SayStopped()
    {
        if (!_isFlushing)
            _stopper?.Tell(Stopped.It);
    }

    private NotOwnedException NotServed() =>
        new(_progress.Problem ?? $"partition {_partition} is not served here any more");

    private sealed record Loaded(IReadOnlyList<SessionCell> Cells, StoredSession?[] Stored);

    private sealed record Flushed(PendingFlush Flush);

    private sealed record FlushFailed(Exception Reason);

    private sealed record Failed(Exception Reason);
}
