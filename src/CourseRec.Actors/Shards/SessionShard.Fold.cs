using System.Buffers;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Telemetry;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Shards;

internal sealed partial class SessionShard
{
    private readonly ArrayBufferWriter<byte> _packing = new(1024);
    private readonly List<SessionCell> _missing = [];
    private readonly int[] _previous = new int[3];
    private Observation? _discovery;
    private LogVersion _read;
    private long _readAcceptedAt;

    /// <summary>Looks up in the store, in one round trip, whoever is touched and not in memory.</summary>
    private async Task LoadMissingAsync()
    {
        foreach (var record in _reader.ToFold)
        {
            if (record.Kind == RecordKind.Unparking)
                LookAgain(record.Cell);
            AddIfMissing(record.Cell);
        }
        foreach (var question in _questions)
            AddIfMissing(_sessions.GetOrAdd(question.User));
        if (_missing.Count == 0)
            return;
        var users = _missing.ConvertAll(cell => cell.User);
        var stored = await RetryStoreAsync(token => _services.Store.LoadSessionsAsync(users, token), _abandoned.Token);
        for (var i = 0; i < stored.Length; i++)
            Restore(_missing[i], stored[i]);
        _missing.Clear();
    }

    private void AddIfMissing(SessionCell cell)
    {
        if (cell.Packed is not null)
            return;
        cell.Packed = [];
        _missing.Add(cell);
    }

    private void Restore(SessionCell cell, StoredSession? stored)
    {
        _session.Clear();
        (cell.Parking, cell.IsDamaged) = (_parked.GetValueOrDefault(cell.User), false);
        if (stored is { Erasure: { } erasure } && (stored.Blob.IsEmpty || stored.Version <= erasure.Version))
            _session.Erase(erasure.Version, erasure.Time);
        else if (stored is not null)
            Decode(cell, stored);
        Pack(cell);
    }

    private void Decode(SessionCell cell, StoredSession stored)
    {
        try
        {
            if (stored.Damage is { } finding)
                throw new InvalidDataException(finding);
            _codec.Decode(cell.User, stored.Blob.Span, stored.Version, _session);
        }
        catch (StoreMismatchException e)
        {
            throw Unusable(stored, e.Message);
        }
        catch (Exception e) when (MayPark && e is not OutOfMemoryException)
        {
            OnDamaged(cell, stored, e);
            return;
        }
        catch (InvalidDataException e)
        {
            throw Unusable(stored, e.Message);
        }
        if (stored.Version.Generation > _generation)
            throw Unusable(stored, $"it is of generation {stored.Version.Generation}, this is {_generation}");
    }

    private PartitionStoppedException Unusable(StoredSession stored, string finding) =>
        new(
            $"partition {_partition}: the stored session of user {stored.User} can't be used: {finding}. "
                + "Restore the session store from a backup, or use the program that wrote it."
        );

    private void FoldBatch()
    {
        var snapshot = _services.Recommender.Current;
        foreach (var record in _reader.ToFold)
            FoldOrPark(record, snapshot);
        _reader.ToFold.Clear();
        if (_read == LogVersion.None)
            return;
        _counters.Commit(_read);
        Volatile.Write(ref _applied, _read.Offset + 1);
    }

    private void Fold(in ShardRecord record, RecommenderSnapshot snapshot)
    {
        var cell = record.Cell;
        using var span = record.TraceParent is { } sender
            ? EventTraces.StartFold(_services.Log.Address, sender, _partition, record.Version.Offset)
            : null;
        Unpack(cell);
        _discovery = null;
        if (record.Kind == RecordKind.Erasure)
            _services.Examples?.Forget(StableHash.Of(cell.User));
        var outcome = record.Kind switch
        {
            RecordKind.Erasure => _session.Erase(record.Version, record.Event.Time),
            RecordKind.Unparking => _session.Unpark(record.Version),
            _ => FoldEvent(record, snapshot),
        };
        ActorsMetrics.Count(outcome);
        EventTraces.Folded(span, outcome);
        if (outcome is FoldOutcome.Skipped or FoldOutcome.Erased)
            return;
        PackIfItFits(cell);
        CountDiscovery();
        Remember(record, outcome);
        if (cell.IsWatched || _services.Output is not null)
            NoteChange(cell, record.AcceptedAt);
    }

    private FoldOutcome FoldEvent(in ShardRecord record, RecommenderSnapshot snapshot)
    {
        var outcome = _session.Classify(record.Version, record.Event);
        var isApplied = outcome is FoldOutcome.Applied or FoldOutcome.AppliedLate;
        if (isApplied && record.Version > _counters.Version && _session.IsDiscovery(record.Event))
        {
            if (_judge.IsSampled(record.Event.IdHash))
                _judge.Judge(record.Cell.User, _session, record.Event, snapshot);
            Discover(record);
        }
        _session.Apply(record.Version, record.Event, outcome);
        return outcome;
    }

    /// <summary>Teaches a discovery; it counts when the record is folded.</summary>
    private void Discover(in ShardRecord record)
    {
        var e = record.Event;
        Span<int> buffer = stackalloc int[_services.Options.Rules.HistoryLength];
        var courses = _session.Courses(e.Time, buffer);
        for (var i = 0; i < _previous.Length; i++)
            _previous[i] = i < courses.Length ? courses[^(i + 1)] : -1;
        _discovery = new Observation(e.Course, e.Time / 1000, _previous[0], _previous[1], _previous[2]);
        _services.Examples?.Teach(
            new(StableHash.Of(record.Cell.User), ExampleOf(courses, e.Course), record.AcceptedAt)
        );
    }

    private void CountDiscovery()
    {
        if (_discovery is { } observation)
            _counters.Observe(observation);
    }

    private static int[] ExampleOf(ReadOnlySpan<int> history, int target)
    {
        var context = history[Math.Max(0, history.Length - Example.MaxContext)..];
        return [.. context, target];
    }

    /// <summary>Notes what the store has to learn.</summary>
    private void Remember(in ShardRecord record, FoldOutcome outcome)
    {
        var cell = record.Cell;
        if (cell.Changes is null)
        {
            cell.Changes = new CellChanges();
            _unstored.Add(cell);
        }
        if (record.Kind == RecordKind.Erasure)
        {
            cell.Changes.Erasure = new Erasure(record.Version, _session.ErasedAt);
            cell.Changes.Interactions.Clear();
        }
        else if (record.Kind == RecordKind.Interaction && outcome is FoldOutcome.Applied or FoldOutcome.AppliedLate)
        {
            var e = record.Event;
            cell.Changes.Interactions.Add(
                new(record.Version, record.EventId, _services.Courses[e.Course], e.Type, e.Value, e.Time)
            );
        }
    }

    private void PackIfItFits(SessionCell cell)
    {
        var (packed, version) = (cell.Packed, cell.Version);
        Pack(cell);
        if (_codec.Fits(cell.User, _session, cell.Packed!.Length))
            return;
        (cell.Packed, cell.Version) = (packed, version);
        throw new InvalidDataException($"the session would be larger than {FoldRules.MaxSessionBytes} bytes");
    }

    private void Unpack(SessionCell cell) => cell.Unpack(_services.Options.Rules, _session);

    private void Pack(SessionCell cell) => cell.Pack(_session, _packing);
}
