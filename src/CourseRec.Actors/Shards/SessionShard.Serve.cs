using System.Diagnostics;
using System.Runtime.InteropServices;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Actors.Shards;

internal sealed partial class SessionShard
{
    private readonly Dictionary<SessionCell, List<Watch>> _watches = [];
    private readonly Dictionary<SessionCell, Change> _changed = [];
    private static readonly TimeSpan RefreshTurn = TimeSpan.FromMilliseconds(5);
    private readonly Queue<SessionCell> _toRefresh = [];
    private string _refreshedModel = "";
    private long _refreshedCatalogue;
    private long _refreshedAt;

    /// <summary>The session as the outside sees it.</summary>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public SessionView View(SessionCell cell)
    {
        ThrowIfParked(cell);
        Unpack(cell);
        var history = new HistoryEntry[_session.History.Length];
        for (var i = 0; i < history.Length; i++)
        {
            var item = _session.History[i];
            history[i] = new(_services.Courses[item.Course], item.Type, DateTimeOffset.FromUnixTimeSeconds(item.Time));
        }
        return new(cell.User, _partition, OffsetOf(cell), cell.Version.Value, _session.Applied, history);
    }

    /// <summary>The user's list now.</summary>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public RecommendationList RecommendUnparked(SessionCell cell, int count)
    {
        ThrowIfParked(cell);
        return Recommend(cell, count);
    }

    /// <summary>The user's list now; while the user is parked, that of somebody unknown.</summary>
    private RecommendationList Recommend(SessionCell cell, int count)
    {
        if (cell.Parking is null)
            Unpack(cell);
        else
            _session.Clear();
        var scorer = _services.Recommender.Current.Serving;
        var items = _lists.Make(_session, scorer, count);
        return new(cell.User, OffsetOf(cell), scorer.Version, _services.Time.GetUtcNow(), items);
    }

    /// <summary>Starts a watch, and posts the list as it is now.</summary>
    public bool AddWatch(SessionCell cell, Watch watch)
    {
        if (!_watches.TryGetValue(cell, out var watches))
            _watches.Add(cell, watches = []);
        watches.Add(watch);
        cell.IsWatched = true;
        Post(watch, Recommend(cell, watch.Count), null);
        return true;
    }

    /// <summary>Ends a watch.</summary>
    public void RemoveWatch(SessionCell cell, Watch watch)
    {
        if (!_watches.TryGetValue(cell, out var watches) || !watches.Remove(watch) || watches.Count > 0)
            return;
        _watches.Remove(cell);
        _changed.Remove(cell);
        cell.IsWatched = false;
    }

    private void Post(Watch watch, RecommendationList list, long? acceptedAt)
    {
        watch.Last = list;
        try
        {
            watch.Sink.Post(list, acceptedAt);
        }
        catch (Exception e)
        {
            ActorsLog.PostFailed(_services.Logger, _partition, e);
        }
    }

    private long OffsetOf(SessionCell cell) => cell.Version.Generation == _generation ? cell.Version.Offset : -1;

    private bool MayServe => _services.Log.IsOwnershipProven(_partition);

    private void NoteChange(SessionCell cell, long acceptedAt)
    {
        ref var change = ref CollectionsMarshal.GetValueRefOrAddDefault(_changed, cell, out _);
        // A trace goes on to the push, though events without one may follow before it.
        change = new(acceptedAt, EventTraces.Cause is var trace && trace != default ? trace : change.Trace);
    }

    private void PushChanged()
    {
        if (_changed.Count == 0 || !MayServe)
            return;
        foreach (var (cell, change) in _changed)
        {
            using var span = EventTraces.StartLists(change.Trace);
            foreach (var watch in _watches.GetValueOrDefault(cell) ?? [])
                Post(watch, Recommend(cell, watch.Count), change.AcceptedAt);
        }
        if (_services.Output is null)
            _changed.Clear();
        else
            PutOut(_services.Output);
    }

    /// <summary>
    /// Behind the watchers. Not while the partition catches up: only the last of a user's lists is worth making.
    /// </summary>
    private void PutOut(IRecommendationOutput output)
    {
        if (Volatile.Read(ref _applied) < _caughtUpAt)
            return;
        foreach (var (cell, change) in _changed)
        {
            using var span = EventTraces.StartLists(change.Trace);
            output.Post(Recommend(cell, output.Count));
        }
        _changed.Clear();
    }

    private void AnswerQuestions()
    {
        foreach (var question in _questions)
        {
            if (!question.IsServed || MayServe)
                question.Answer(this, _sessions.GetOrAdd(question.User));
            else
                question.Refuse(
                    new NotOwnedException($"partition {_partition} can't be served now: its ownership is unproven")
                );
        }
        _questions.Clear();
    }

    /// <summary>
    /// A new model or catalogue may change what watched users see, though they did nothing. Their turns are spread
    /// over the ticks, so that nobody's own event waits behind them.
    /// </summary>
    private void OnTick()
    {
        if (!MayServe)
            return;
        QueueRefresh();
        var began = _services.Time.GetTimestamp();
        while (_services.Time.GetElapsedTime(began) < RefreshTurn && _toRefresh.TryDequeue(out var cell))
        {
            foreach (var watch in _watches.GetValueOrDefault(cell) ?? [])
                Refresh(cell, watch);
        }
    }

    private void QueueRefresh()
    {
        var model = _services.Recommender.Current.Serving.Version;
        var catalogue = _services.Catalogue.Revision;
        var isChanged = catalogue != _refreshedCatalogue || model != _refreshedModel;
        var isDue = _services.Time.GetElapsedTime(_refreshedAt) >= _services.Options.RefreshInterval;
        if (!isChanged || !isDue || _toRefresh.Count > 0)
            return;
        (_refreshedModel, _refreshedCatalogue, _refreshedAt) = (model, catalogue, _services.Time.GetTimestamp());
        foreach (var cell in _watches.Keys)
            _toRefresh.Enqueue(cell);
    }

    private void Refresh(SessionCell cell, Watch watch)
    {
        var list = Recommend(cell, watch.Count);
        var isSame =
            watch.Last is { } last
            && last.Items.Select(item => (item.Course, item.Title))
                .SequenceEqual(list.Items.Select(item => (item.Course, item.Title)));
        if (!isSame)
            Post(watch, list, null);
    }

    /// <summary>The last event that changed a session since lists were made of it.</summary>
    /// <param name="AcceptedAt">When it was accepted, Unix milliseconds.</param>
    /// <param name="Trace">The span that folded it; default when it was not sampled.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Change(long AcceptedAt, ActivityContext Trace);
}
