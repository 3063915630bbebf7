using System.Buffers;
using System.Diagnostics;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Telemetry;
using CourseRec.Models;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// Folds a user's records, and makes the user's lists: scratch space of one thread. What concerns one user only parks
/// that user: the records from there on are put aside, unchanged, until a record of the log ends it (<c>unpark</c>), or
/// an erasure; then what was put aside can be replayed.
/// </summary>
internal sealed class UserFold
{
    private readonly UserServices _services;
    private readonly PartitionServices _shared;
    private readonly UserSession _session;
    private readonly SessionCodec _codec;
    private readonly ListMaker _lists;
    private readonly PrequentialJudge _judge;
    private readonly int[] _history;
    private readonly int[] _previous = new int[3];
    private readonly List<StoredInteraction> _interactions = [];
    private readonly List<Discovery> _discoveries = [];
    private readonly List<DeadRecord> _dead = [];
    private readonly ArrayBufferWriter<byte> _packing = new(1024);
    private byte[] _packed = [];
    private UserState _state = null!;
    private LogVersion _version;
    private Parking? _parking;
    private Parking? _toStore;
    private Erasure? _erasure;
    private bool _isDamaged;

    public UserFold(UserServices services)
    {
        var options = services.Shared.Options;
        _services = services;
        _shared = services.Shared;
        _session = new UserSession(options.Rules);
        _codec = new SessionCodec(options.Rules, _shared.Courses) { Format = services.Format };
        _lists = new ListMaker(_shared.Courses, _shared.Catalogue, options.Rules.HistoryLength);
        _history = new int[options.Rules.HistoryLength];
        _judge = new PrequentialJudge(
            options.JudgedShare,
            options.Rules.HistoryLength,
            _lists,
            _shared.JudgeWindow,
            _shared.Recommender.Instant,
            _shared.Judged
        );
    }

    /// <summary>The last event that changed the session when records were folded last; null: none.</summary>
    public Cause? Changed { get; private set; }

    /// <summary>Folds records, in order.</summary>
    public Applied Fold(UserState state, UserBatch batch)
    {
        Begin(state);
        Exception? failure = null;
        try
        {
            var snapshot = _services.Snapshot;
            for (var i = 0; i < batch.Count; i++)
                FoldOrPutAside(batch[i], snapshot);
        }
        catch (Exception e)
        {
            failure = e;
        }
        return new Applied(batch, State())
        {
            IsToStore = _version != state.Version,
            Interactions = _interactions.Count == 0 ? null : [.. _interactions],
            Erasure = _erasure,
            Discoveries = _discoveries.Count == 0 ? [] : [.. _discoveries],
            Parking = _toStore,
            Dead = _dead.Count == 0 ? [] : [.. _dead],
            Failure = failure,
        };
    }

    /// <summary>The session as the outside sees it.</summary>
    public SessionView View(UserState state)
    {
        state.Unpack(_shared.Options.Rules, _session);
        var history = new HistoryEntry[_session.History.Length];
        for (var i = 0; i < history.Length; i++)
        {
            var item = _session.History[i];
            history[i] = new(_shared.Courses[item.Course], item.Type, DateTimeOffset.FromUnixTimeSeconds(item.Time));
        }
        var (version, partition) = (state.Version, _services.Partition);
        return new(state.User, partition, _services.OffsetOf(version), version.Value, _session.Applied, history);
    }

    /// <summary>The user's list now; while the user is parked, that of somebody unknown.</summary>
    public RecommendationList Recommend(UserState state, int count)
    {
        if (state.Parking is null)
            state.Unpack(_shared.Options.Rules, _session);
        else
            _session.Clear();
        var scorer = _services.Snapshot.Serving;
        var items = _lists.Make(_session, scorer, count);
        return new(state.User, _services.OffsetOf(state.Version), scorer.Version, _shared.Time.GetUtcNow(), items);
    }

    private void Begin(UserState state)
    {
        (_state, _version, _packed) = (state, state.Version, state.Packed);
        (_parking, _isDamaged) = (state.Parking, state.IsDamaged);
        (_toStore, _erasure, Changed) = (null, null, null);
        _interactions.Clear();
        _discoveries.Clear();
        _dead.Clear();
        state.Unpack(_shared.Options.Rules, _session);
    }

    private UserState State() => new(_state.User, _version, _packed, _parking, _isDamaged);

    private void FoldOrPutAside(in UserRecord record, RecommenderSnapshot snapshot)
    {
        if (_parking is { } parking && !Ends(record, parking))
        {
            PutAside(record, parking);
            return;
        }
        try
        {
            Fold(record, snapshot);
        }
        catch (Exception e) when (_services.MayPark && e is not OutOfMemoryException)
        {
            State().Unpack(_shared.Options.Rules, _session); // back to what was folded before
            Park(record.Version, $"folding failed: {e.Message}");
            PutAside(record, _parking!);
            return;
        }
        if (_parking is not null && _version >= record.Version)
            Release(record);
    }

    private void Fold(in UserRecord record, RecommenderSnapshot snapshot)
    {
        using var span = record.TraceParent is { } sender
            ? EventTraces.StartFold(_shared.Log.Address, sender, _services.Partition, record.Version.Offset)
            : null;
        if (record.Kind == RecordKind.Erasure)
            _shared.Examples?.Forget(StableHash.Of(_state.User));
        Discovery? discovery = null;
        var outcome = record.Kind switch
        {
            RecordKind.Erasure => _session.Erase(record.Version, record.Event.Time),
            RecordKind.Unparking => _session.Unpark(record.Version),
            _ => FoldEvent(record, snapshot, out discovery),
        };
        ActorsMetrics.Count(outcome);
        EventTraces.Folded(span, outcome);
        if (outcome is FoldOutcome.Skipped or FoldOutcome.Erased)
            return;
        Pack();
        if (discovery is { } found)
            _discoveries.Add(found);
        Remember(record, outcome);
        // A trace goes on to the push, though events without one may follow before it.
        var trace = EventTraces.Cause;
        Changed = new(record.AcceptedAt, trace == default ? Changed?.Trace ?? default : trace);
    }

    private FoldOutcome FoldEvent(in UserRecord record, RecommenderSnapshot snapshot, out Discovery? discovery)
    {
        var outcome = _session.Classify(record.Version, record.Event);
        var isApplied = outcome is FoldOutcome.Applied or FoldOutcome.AppliedLate;
        discovery =
            isApplied && record.Version > _services.CountedUpTo && _session.IsDiscovery(record.Event)
                ? Discover(record, snapshot)
                : null;
        _session.Apply(record.Version, record.Event, outcome);
        return outcome;
    }

    /// <summary>Judges and teaches a discovery; it counts when the record is folded.</summary>
    private Discovery Discover(in UserRecord record, RecommenderSnapshot snapshot)
    {
        var e = record.Event;
        var judged = _judge.IsSampled(e.IdHash) ? _judge.Judge(_state.User, _session, e, snapshot) : null;
        var courses = _session.Courses(e.Time, _history);
        for (var i = 0; i < _previous.Length; i++)
            _previous[i] = i < courses.Length ? courses[^(i + 1)] : -1;
        if (_shared.Examples is { } examples)
            examples.Teach(new(StableHash.Of(_state.User), ExampleOf(courses, e.Course), record.AcceptedAt));
        var observation = new Observation(e.Course, e.Time / 1000, _previous[0], _previous[1], _previous[2]);
        return new(record.Version.Offset, observation, judged);
    }

    private static int[] ExampleOf(ReadOnlySpan<int> history, int target)
    {
        var context = history[Math.Max(0, history.Length - Example.MaxContext)..];
        return [.. context, target];
    }

    /// <summary>Notes what the store has to learn.</summary>
    private void Remember(in UserRecord record, FoldOutcome outcome)
    {
        if (record.Kind == RecordKind.Erasure)
        {
            _erasure = new Erasure(record.Version, _session.ErasedAt);
            _interactions.Clear();
        }
        else if (record.Kind == RecordKind.Interaction && outcome is FoldOutcome.Applied or FoldOutcome.AppliedLate)
        {
            var e = record.Event;
            _interactions.Add(new(record.Version, record.EventId, _shared.Courses[e.Course], e.Type, e.Value, e.Time));
        }
    }

    /// <summary>Keeps what was folded, if it fits.</summary>
    private void Pack()
    {
        SessionPacking.Pack(_session, _packing);
        if (!_codec.Fits(_state.User, _session, _packing.WrittenCount))
            throw new InvalidDataException($"the session would be larger than {FoldRules.MaxSessionBytes} bytes");
        (_packed, _version) = ([.. _packing.WrittenSpan], _session.Version);
    }

    private bool Ends(in UserRecord record, Parking parking) =>
        record.Kind switch
        {
            RecordKind.Erasure => record.Version >= parking.Version,
            RecordKind.Unparking => IsOf(record, parking) && !_isDamaged,
            _ => false,
        };

    private static bool IsOf(in UserRecord unparking, Parking parking) =>
        unparking.Event.Origin is { } from && LogVersion.At(from.Generation, from.Offset) == parking.Version;

    private void PutAside(in UserRecord record, Parking parking)
    {
        if (record.Kind == RecordKind.Unparking)
        {
            // A new parking: this record has ended the one that it names, for whoever folds the log again.
            if (IsOf(record, parking))
                Park(record.Version.Next, parking.Reason!);
            return;
        }
        if (record.Version < parking.Version)
        {
            ActorsMetrics.Count(FoldOutcome.Skipped);
            return;
        }
        _dead.Add(new(record, $"the user is parked from version {parking.Version} on: {parking.Reason}"));
        ActorsMetrics.Count(FoldOutcome.Parked);
    }

    private void Park(LogVersion from, string reason)
    {
        _parking = _toStore = _services.Parking(_state.User, from, reason);
        Changed = null;
    }

    private void Release(in UserRecord record)
    {
        (_parking, _isDamaged) = (null, false);
        _toStore =
            record.Kind == RecordKind.Unparking ? new(_state.User, record.Version, record.AcceptedAt, null) : null;
    }
}

/// <summary>An event that lists are made for.</summary>
/// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
/// <param name="Trace">The span that folded it; default when it was not sampled.</param>
internal sealed record Cause(long AcceptedAt, ActivityContext Trace);
