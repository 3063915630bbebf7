using System.Runtime.ExceptionServices;
using Akka.Actor;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The users of a partition that runs: sends each batch's records to their actors, and commits what these answer, batch
/// by batch in the log's order. What is committed is kept here; the actors are caches, and may be ahead.
/// </summary>
internal sealed class PartitionUsers
{
    private readonly UserServices _services;
    private readonly PartitionCounters _counters;
    private readonly PartitionProgress _progress;
    private readonly ResidentSessions _sessions = new();
    private readonly BatchesInFlight _inFlight = new();
    private readonly RecordReader _reader;
    private readonly SessionLoader _loader;
    private readonly ActiveUsers _active;
    private readonly WatchedUsers _watched;
    private readonly ParkedUsers _parked;
    private readonly UnstoredChanges _unstored;
    private readonly WaitingQuestions _waiting;
    private readonly List<SessionCell> _owed = [];
    private readonly List<Discovery> _discoveries = [];
    private readonly List<DeadLetter> _dead = [];
    private readonly int _mostResident;

    public PartitionUsers(
        UserServices services,
        RestoredPartition restored,
        HeldPartition held,
        Func<IActorRef> newActor
    )
    {
        var (shared, log) = (services.Shared, services.Shared.Log.Identity);
        var acknowledged = restored.Checkpoint?.Version ?? LogVersion.None;
        (_services, _counters, _progress) = (services, held.Counters, held.Progress);
        _reader = new RecordReader(services.Partition, log, services.Generation, shared.Courses, _sessions)
        {
            Acknowledged = acknowledged,
        };
        _loader = new SessionLoader(services, acknowledged);
        _active = new ActiveUsers(shared.Options.MaxActiveUsers, newActor);
        _watched = new WatchedUsers(shared);
        _parked = new ParkedUsers(shared, services.Partition);
        _parked.Restore(restored.Parked);
        _unstored = new UnstoredChanges(services) { Checkpoint = restored.Checkpoint };
        _waiting = new WaitingQuestions(services.Partition, held.Progress, shared.Time);
        _mostResident = shared.Options.MaxResidentSessions / log.Partitions;
    }

    /// <summary>Whether everything that was taken is committed.</summary>
    public bool IsIdle => _inFlight.IsEmpty;

    /// <summary>
    /// Whether all is folded that was in the log at the start: a former owner of the partition may have shown that, and
    /// nothing older is to be shown after it.
    /// </summary>
    public bool IsCaughtUp => _progress.Applied >= _progress.CaughtUpAt;

    /// <summary>Whether there is room for more records.</summary>
    public bool HasRoom =>
        _inFlight.Records < _services.Shared.Options.MailboxRecords
        && _inFlight.Records + _unstored.Records < _services.Shared.Options.MaxUnstoredRecords;

    /// <summary>Whether nothing is due soon for time's sake.</summary>
    public bool IsQuiet =>
        IsIdle && UnstoredRecords == 0 && _waiting.IsEmpty && _owed.Count == 0 && !_watched.AreRefreshing;

    /// <summary>Records that are committed and not stored.</summary>
    public int UnstoredRecords => _unstored.Records;

    /// <summary>Takes records.</summary>
    public void Take(ReadOnlyMemory<LogRecord> records) => _inFlight.Add(_reader.Read(records.Span));

    /// <summary>Sends what can be sent. Answers who has to be loaded before more can be; null: nobody.</summary>
    public IReadOnlyList<SessionCell>? Send()
    {
        while (_inFlight.Next is { } next)
        {
            next.LookAgain();
            SessionCell[] missing = [.. next.Users.Select(part => part.Cell).Where(cell => cell.Packed is null)];
            if (missing.Length > 0)
                return missing;
            var mayShow = next.Last.Offset + 1 >= _progress.CaughtUpAt;
            _inFlight.Send(part => _active.Activate(part.Cell).Tell(new Apply(part, mayShow)));
            CommitDone();
        }
        if (!_waiting.HasUsersToLoad)
            return null;
        return [.. _waiting.UsersToLoad.Select(user => _sessions.GetOrAdd(user)).Distinct()];
    }

    /// <summary>They are loaded.</summary>
    public void Load(IReadOnlyList<SessionCell> cells, StoredSession?[] stored)
    {
        var end = Math.Max(_progress.End, _progress.Applied);
        foreach (var (cell, session) in cells.Zip(stored))
        {
            if (_loader.Load(cell, session, _parked.Find(cell.User), end) is { } parking)
                _parked.Note(cell.State, parking);
            cell.Actor?.Tell(new Hydrate(cell.State));
        }
        foreach (var asked in _waiting.TakeUnloaded())
            Ask(asked);
    }

    /// <summary>Hands a question to the user's actor, as soon as that can be.</summary>
    public void Ask(Asked asked)
    {
        switch (asked.Question)
        {
            case EndWatch end:
                EndWatch(end);
                return;
            case Read read when read.After > Folded:
                _waiting.AddEarly(asked, read.After);
                return;
        }
        if (_sessions.Find(asked.Question.User) is not { Packed: not null } cell)
        {
            _waiting.AddUnloaded(asked);
            return;
        }
        if (asked.Question is StartWatch start)
            _watched.Renew(cell, start.Watch.Watcher);
        _active.Activate(cell).Tell(asked);
    }

    /// <summary>A user's records are folded.</summary>
    public void OnApplied(Applied applied)
    {
        var cell = applied.Batch.Cell;
        applied.Batch.Whole.Applied.Add(applied);
        if (applied.Owed != Lists.None)
        {
            if (cell.Active.Owed == Lists.None)
                _owed.Add(cell);
            cell.Active.Owed |= applied.Owed;
        }
        CommitDone();
    }

    /// <summary>Time has passed.</summary>
    public void OnTick()
    {
        _waiting.OnTick();
        foreach (var (cell, watcher) in _watched.Expire())
            cell.Actor?.Tell(new EndWatch(cell.User, watcher));
        MakeLists();
    }

    /// <summary>Makes lists that are due.</summary>
    private void MakeLists()
    {
        if (!_services.MayServe || !IsCaughtUp)
            return;
        foreach (var cell in _owed)
        {
            _active.Activate(cell).Tell(new MakeLists(cell.Active.Owed));
            cell.Active.Owed = Lists.None;
        }
        _owed.Clear();
        Refresh(_watched.BeginTurn());
    }

    /// <summary>A user's lists are refreshed.</summary>
    public void OnRefreshed() => Refresh(_watched.Next());

    /// <summary>Takes what is to be stored; null when there is nothing.</summary>
    public PendingFlush? TakeFlush() => _unstored.Take(_counters, _parked);

    /// <summary>It is stored.</summary>
    public void OnStored(PendingFlush flush)
    {
        foreach (var cell in flush.Cells)
        {
            cell.Active.IsStoring = false;
            cell.Rest();
        }
        Shrink();
    }

    /// <summary>Refuses the questions that wait.</summary>
    public void Refuse(Refusal refusal) => _waiting.Refuse(refusal);

    /// <summary>Up to here everything is folded; before the first record, every earlier generation.</summary>
    private LogVersion Folded => new(LogVersion.At(_services.Generation, _progress.Applied).Value - 1);

    private void EndWatch(EndWatch end)
    {
        _waiting.Remove(end.Watcher);
        if (_sessions.Find(end.User) is not { } cell)
            return;
        _watched.Remove(cell, end.Watcher);
        cell.Actor?.Tell(end);
    }

    private void Refresh(SessionCell? cell)
    {
        if (cell is not null)
            _active.Activate(cell).Tell(Sessions.Refresh.It);
    }

    private void CommitDone()
    {
        while (_inFlight.TryTakeDone(out var batch))
            Commit(batch);
    }

    private void Commit(RecordBatch batch)
    {
        foreach (var applied in batch.Applied)
            Commit(applied.Batch.Cell, applied);
        _discoveries.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        foreach (var discovery in _discoveries)
            _counters.Observe(discovery.Observation, discovery.Judged);
        _counters.Commit(batch.Last);
        _unstored.Add(batch, _dead);
        _discoveries.Clear();
        _dead.Clear();
        _progress.Applied = batch.Last.Offset + 1;
        foreach (var asked in _waiting.TakeEarly(Folded))
            Ask(asked);
        Shrink();
    }

    private void Commit(SessionCell cell, Applied change)
    {
        if (change.Failure is { } failure)
            ExceptionDispatchInfo.Throw(failure);
        var (state, wasParked) = (change.State, cell.Parking);
        cell.Active.Outstanding--;
        if (cell.Active.Reading == change.Batch)
            cell.Active.Reading = null;
        cell.Take(state);
        if (change.Parking is not null || wasParked != state.Parking)
            _parked.Note(state, change.Parking);
        _unstored.Add(cell, change);
        _discoveries.AddRange(change.Discoveries);
        foreach (var dead in change.Dead)
            _reader.Bury(dead, _dead);
    }

    private void Shrink()
    {
        _sessions.Shrink(_mostResident, _active.Rest);
        _progress.Count(_sessions.Count, _watched.Count, _parked.Count);
    }
}
