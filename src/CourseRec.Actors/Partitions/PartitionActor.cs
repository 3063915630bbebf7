using Akka.Actor;
using Akka.Streams;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A partition of the log: claims it, restores what is stored, reads on from there, folds, stores, and hands over when
/// it is told to. What goes wrong with the partition stops it for good, with what was found: going on could lose or
/// double events. It answers questions then with the reason.
/// </summary>
internal sealed class PartitionActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan QuietInterval = TimeSpan.FromSeconds(1);
    private readonly PartitionServices _services;
    private readonly HeldPartition _held;
    private readonly PartitionStore _store;
    private readonly PartitionErrands _errands;
    private readonly Action<PartitionStarted> _announce;
    private readonly CancellationTokenSource _abandoned = new();
    private PartitionUsers? _users;
    private UniqueKillSwitch? _reading;
    private IActorRef? _feeder;
    private bool _isServing;
    private bool _isDraining;
    private bool _isQuiet;

    public PartitionActor(PartitionServices services, int partition, Action<PartitionStarted> announce)
    {
        (_services, _announce) = (services, announce);
        var progress = new PartitionProgress(partition);
        _held = new(partition, new PartitionCounters(services.Options.Baselines, services.Courses), progress);
        _store = new PartitionStore(services, partition, progress);
        _errands = new PartitionErrands(services, _store, Self, _abandoned.Token);
    }

    /// <summary>How one is made.</summary>
    public static Props Props(PartitionServices services, int partition, Action<PartitionStarted> announce) =>
        Akka
            .Actor.Props.Create(() => new PartitionActor(services, partition, announce))
            .WithMailbox(ActorsConfig.PartitionMailbox);

    /// <summary>How long a partition that is to stop may take to store what it folded.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    public ITimerScheduler Timers { get; set; } = null!;

    private int Number => _held.Number;

    private PartitionProgress Progress => _held.Progress;

    /// <summary>A user's actor fails when it is broken itself; what its records do to it is an answer.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(reason =>
        {
            Self.Tell(new Failed(reason));
            return Directive.Stop;
        });

    protected override void PreStart()
    {
        _services.Held.Add(_held);
        TickIn(TickInterval);
        new PartitionRestorer(_services, _store, Number)
            .RestoreAsync(_held.Counters, _abandoned.Token)
            .PipeTo(Self, failure: e => new Failed(e));
    }

    protected override void PostStop()
    {
        _abandoned.Cancel();
        _users?.Refuse(NotServed());
        _services.Held.Remove(_held);
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception e)
        {
            Halt(e);
        }
    }

    private void Handle(object message)
    {
        switch (message)
        {
            case ReadOnlyMemory<LogRecord> records:
                OnRecords(records);
                break;
            case Applied applied:
                _users!.OnApplied(applied);
                GoOn();
                break;
            case Question question:
                OnQuestion(question);
                break;
            case RestoredPartition restored:
                OnRestored(restored);
                break;
            case Loaded loaded:
                _errands.End(loaded);
                _users!.Load(loaded.Cells, loaded.Stored);
                GoOn();
                break;
            case Flushed flushed:
                _errands.End(flushed);
                _users!.OnStored(flushed.Flush);
                if (flushed.Flush.Partition.Counters is { } counted)
                    Context.System.EventStream.Publish(new PartitionCounted(Number, counted));
                GoOn();
                break;
            case Tick:
                OnTick();
                break;
            case Looked looked:
                _errands.End(looked);
                Progress.End = looked.End ?? Progress.End;
                break;
            case Refreshed:
                _users!.OnRefreshed();
                break;
            case Drain:
                OnDrain();
                break;
            case DrainTimedOut:
                ActorsLog.PartitionDiscards(_services.Logger, Number, DrainTime);
                Context.Stop(Self);
                break;
            case StreamBegins:
                Sender.Tell(StreamGoesOn.It);
                break;
            case Failed failed:
                Halt(failed.Reason);
                break;
            case Wake or StreamEnded:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void OnRestored(RestoredPartition restored)
    {
        var user = new UserServices(_services, Number, restored.Generation, restored.Format, _held.Counters.Version);
        var props = UserActor.Props(user);
        _users = new PartitionUsers(user, restored, _held, () => Context.ActorOf(props));
        _store.Claim = restored.Claim;
        Progress.Begin(restored);
        ActorsMetrics.Started();
        ActorsLog.PartitionAssigned(_services.Logger, Number, restored.From, restored.Range.First, restored.Range.End);
        if (!_isDraining)
            _reading = PartitionStream.Start(_services.Log.Follow(Number, restored.From), Context, Self);
        GoOn();
    }

    private void OnRecords(ReadOnlyMemory<LogRecord> records)
    {
        if (_isDraining)
            return;
        _feeder = Sender;
        _users!.Take(records);
        GoOn();
    }

    private void OnQuestion(Question question)
    {
        if (_isServing && !_isDraining)
            _users!.Ask(new Asked(question, Sender));
        else if (question is not EndWatch)
            Sender.Tell(NotServed());
        GoOn();
    }

    private void OnTick()
    {
        _errands.Look();
        _users?.OnTick();
        GoOn();
        _isQuiet = _users is null or { IsQuiet: true };
        TickIn(_isQuiet ? QuietInterval : TickInterval);
    }

    private void TickIn(TimeSpan time) => Timers.StartSingleTimer(nameof(Tick), Tick.It, time);

    /// <summary>A partition that is not restored has nothing to store.</summary>
    private void OnDrain()
    {
        _isDraining = true;
        _reading?.Shutdown();
        if (_users is null)
            Context.Stop(Self);
        else
            Timers.StartSingleTimer(nameof(DrainTimedOut), DrainTimedOut.It, DrainTime);
        GoOn();
    }

    /// <summary>Whatever happened, more may be possible now.</summary>
    private void GoOn()
    {
        if (_users is null)
            return;
        if (!_isServing && !_isDraining && _users.IsCaughtUp)
        {
            _isServing = true;
            _announce(new PartitionStarted(Number));
        }
        if (_isQuiet && !_users.IsQuiet)
        {
            _isQuiet = false;
            TickIn(TickInterval);
        }
        if (!_errands.IsLoading && _users.Send() is { } missing)
            _errands.Load(missing);
        if (!_errands.IsFlushing && IsFlushDue())
            _errands.Flush(_users.TakeFlush());
        if (_feeder is { } feeder && _users.HasRoom)
        {
            _feeder = null;
            feeder.Tell(StreamGoesOn.It);
        }
        if (_isDraining && _users.IsIdle && !_errands.IsFlushing)
            Context.Stop(Self);
    }

    private bool IsFlushDue() =>
        _users!.UnstoredRecords >= _services.Options.MaxUnstoredRecords / 2 || _isDraining || _errands.IsTimeToFlush;

    /// <summary>Going on could lose or double events: nothing more is folded or stored, reads are refused.</summary>
    private void Halt(Exception reason)
    {
        if (_abandoned.IsCancellationRequested)
            return; // It is the halt that ended what was under way.
        Progress.Problem = reason.Message;
        if (reason is PartitionStoppedException)
            ActorsLog.PartitionStopped(_services.Logger, Number, reason.Message);
        else
            ActorsLog.PartitionFailed(_services.Logger, Number, reason);
        Become(Halted);
        Timers.CancelAll();
        _abandoned.Cancel();
        _reading?.Shutdown();
        foreach (var child in Context.GetChildren())
            Context.Stop(child);
        _users?.Refuse(NotServed());
        if (_isDraining)
            Context.Stop(Self);
    }

    private void Halted(object message)
    {
        if (message is Question and not EndWatch)
            Sender.Tell(NotServed());
        else if (message is Drain)
            Context.Stop(Self);
    }

    private Refusal NotServed() =>
        Progress.Problem is { } problem ? new(RefusalKind.Stopped, problem)
        : Progress.WaitsFor is { } away ? new(RefusalKind.Away, $"Partition {Number} waits: {away}")
        : _users is { IsCaughtUp: false }
            ? new(
                RefusalKind.NotYet,
                $"partition {Number} catches up with the log, {Progress.Status.Lag} records behind"
            )
        : new(RefusalKind.NotYet, $"partition {Number} is not served here now");

    internal sealed record Tick
    {
        public static Tick It { get; } = new();
    }

    private sealed record DrainTimedOut
    {
        public static DrainTimedOut It { get; } = new();
    }
}
