using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// A user's live state: a deterministic state machine over the user's log records. Its state after a version is a pure
/// function of the records up to it; no clock, no randomness, no model takes part. An instance is scratch space of one
/// thread: sessions are kept packed (see <see cref="SessionPacking"/>).
/// </summary>
public sealed class UserSession(FoldRules rules)
{
    private const int MaxOrigins = 1024;
    private readonly HistoryItem[] _history = new HistoryItem[rules.HistoryLength];
    private readonly ulong[] _recentIds = new ulong[rules.RecentIds];
    private readonly List<int> _taken = [];
    private readonly List<RecordOrigin> _origins = [];
    private int _historyCount;
    private int _recentCount;

    /// <summary>The last record folded.</summary>
    public LogVersion Version { get; internal set; }

    /// <summary>Events folded in since the user first appeared (or was erased).</summary>
    public long Applied { get; internal set; }

    /// <summary>When the user was last erased, Unix milliseconds; 0 when never.</summary>
    public long ErasedAt { get; internal set; }

    /// <summary>
    /// The last positive interactions by event time, oldest first; at most <see cref="FoldRules.HistoryLength"/>.
    /// </summary>
    public ReadOnlySpan<HistoryItem> History => _history.AsSpan(0, _historyCount);

    /// <summary>Taken courses that the history does not show (any more), oldest first.</summary>
    internal List<int> Taken => _taken;

    /// <summary>For each foreign partition, the last of its records that was forwarded to this user.</summary>
    internal List<RecordOrigin> Origins => _origins;

    /// <summary>The last event ids, hashed, oldest first.</summary>
    internal ReadOnlySpan<ulong> RecentIds => _recentIds.AsSpan(0, _recentCount);

    /// <summary>Makes this the session of a user who never did anything.</summary>
    public void Clear()
    {
        Version = LogVersion.None;
        Applied = 0;
        ErasedAt = 0;
        _historyCount = 0;
        _recentCount = 0;
        _taken.Clear();
        _origins.Clear();
    }

    /// <summary>Folds a record into the session.</summary>
    public FoldOutcome Fold(LogVersion version, in SessionEvent e)
    {
        var outcome = Classify(version, e);
        Apply(version, e, outcome);
        return outcome;
    }

    /// <summary>Says what folding a record would come to, and changes nothing.</summary>
    public FoldOutcome Classify(LogVersion version, in SessionEvent e)
    {
        if (version <= Version)
            return FoldOutcome.Skipped;
        if (RecentIds.Contains(e.IdHash) || (e.Origin is { } origin && !IsNew(origin)))
            return FoldOutcome.Duplicate;
        if (Math.Min(e.Time, e.AcceptedAt) < ErasedAt)
            return FoldOutcome.Erased;
        return _historyCount > 0 && Seconds(e.Time) < _history[_historyCount - 1].Time
            ? FoldOutcome.AppliedLate
            : FoldOutcome.Applied;
    }

    /// <summary>Carries out what <see cref="Classify"/> said.</summary>
    public void Apply(LogVersion version, in SessionEvent e, FoldOutcome outcome)
    {
        if (outcome is FoldOutcome.Skipped or FoldOutcome.Erased)
            return;
        Version = version;
        if (e.Origin is { } origin)
            Remember(origin);
        if (outcome == FoldOutcome.Duplicate)
            return;
        Applied++;
        RememberId(e.IdHash);
        if (rules.IsPositive(e.Type, e.Value))
            Place(new HistoryItem(e.Course, e.Type, Seconds(e.Time)));
        else if (rules.IsTaking(e.Type))
            Take(e.Course);
    }

    /// <summary>
    /// Forgets everything but that, and when, the user was erased. An erasure that comes again (as forwarded ones may)
    /// must not take with it what the user has done since.
    /// </summary>
    public FoldOutcome Erase(LogVersion version, long time)
    {
        if (version <= Version)
            return FoldOutcome.Skipped;
        if (time == ErasedAt)
            return FoldOutcome.Erased;
        var erasedAt = Math.Max(time, ErasedAt);
        Clear();
        Version = version;
        ErasedAt = erasedAt;
        return FoldOutcome.Applied;
    }

    /// <summary>
    /// Goes past what was put aside while the user was parked: those records come again, under the same ids.
    /// </summary>
    public FoldOutcome Unpark(LogVersion version)
    {
        if (version <= Version)
            return FoldOutcome.Skipped;
        Version = version;
        return FoldOutcome.Applied;
    }

    /// <summary>Whether an event is a discovery: positive, on a course that the session shows no trace of.</summary>
    public bool IsDiscovery(in SessionEvent e)
    {
        if (!rules.IsPositive(e.Type, e.Value) || _taken.Contains(e.Course))
            return false;
        foreach (ref readonly var item in History)
        {
            if (item.Course == e.Course)
                return false;
        }
        return true;
    }

    /// <summary>
    /// The distinct courses of the history up to a time, most recently active last, as the models read them.
    /// </summary>
    /// <param name="until">Unix milliseconds; later items are left out.</param>
    /// <param name="courses">[HistoryLength]. Filled from the end.</param>
    /// <returns>The filled part of <paramref name="courses"/>.</returns>
    public ReadOnlySpan<int> Courses(long until, Span<int> courses)
    {
        var start = courses.Length;
        for (var i = _historyCount - 1; i >= 0; i--)
        {
            if (_history[i].Time <= Seconds(until) && !courses[start..].Contains(_history[i].Course))
                courses[--start] = _history[i].Course;
        }
        return courses[start..];
    }

    /// <summary>Every course that must not be recommended, in no order, some perhaps twice.</summary>
    public void AddTakenTo(List<int> courses)
    {
        courses.AddRange(_taken);
        foreach (ref readonly var item in History)
        {
            if (rules.IsTaking(item.Type))
                courses.Add(item.Course);
        }
    }

    /// <summary>Appends to the history without any rule; for unpacking.</summary>
    internal void Restore(in HistoryItem item) => _history[_historyCount++] = item;

    /// <summary>Appends to the recent ids without any rule; for unpacking.</summary>
    internal void RestoreId(ulong id) => _recentIds[_recentCount++] = id;

    private static long Seconds(long milliseconds) => Math.DivRem(milliseconds, 1000).Quotient;

    private void Place(in HistoryItem item)
    {
        var at = _historyCount;
        while (at > 0 && _history[at - 1].Time > item.Time)
            at--;
        if (_historyCount < _history.Length)
        {
            Array.Copy(_history, at, _history, at + 1, _historyCount - at);
            _history[at] = item;
            _historyCount++;
            return;
        }
        var evicted = at == 0 ? item : _history[0];
        if (at > 0)
        {
            Array.Copy(_history, 1, _history, 0, at - 1);
            _history[at - 1] = item;
        }
        if (rules.IsTaking(evicted.Type))
            Take(evicted.Course);
    }

    private void Take(int course)
    {
        if (rules.TakenLimit == 0 || _taken.Contains(course))
            return;
        if (_taken.Count == rules.TakenLimit)
            _taken.RemoveAt(0);
        _taken.Add(course);
    }

    private void RememberId(ulong id)
    {
        if (_recentCount == _recentIds.Length)
            Array.Copy(_recentIds, 1, _recentIds, 0, --_recentCount);
        _recentIds[_recentCount++] = id;
    }

    private bool IsNew(RecordOrigin origin)
    {
        foreach (var known in _origins)
        {
            if (known.Partition == origin.Partition)
                return (origin.Generation, origin.Offset).CompareTo((known.Generation, known.Offset)) > 0;
        }
        return true;
    }

    private void Remember(RecordOrigin origin)
    {
        if (!IsNew(origin))
            return;
        _origins.RemoveAll(known => known.Partition == origin.Partition);
        if (_origins.Count == MaxOrigins)
            _origins.RemoveAt(0);
        _origins.Add(origin);
    }
}
