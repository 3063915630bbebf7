using Akka.Actor;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The watched users of a partition. A new model or catalogue may change what they see, though they did nothing: their
/// turns are spread over the ticks, so that nobody's own event waits behind them.
/// </summary>
internal sealed class WatchedUsers(PartitionServices services)
{
    private static readonly TimeSpan TurnTime = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ExpireInterval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<SessionCell, Dictionary<IActorRef, long>> _watches = [];
    private readonly Queue<SessionCell> _toRefresh = [];
    private string _model = "";
    private long _catalogue;
    private long _refreshedAt;
    private long _expiredAt;
    private long _turnBegan;
    private bool _isRefreshing;

    /// <summary>How many there are.</summary>
    public int Count => _watches.Count;

    /// <summary>Whether there are some to be refreshed.</summary>
    public bool AreRefreshing => _toRefresh.Count > 0;

    /// <summary>Somebody watches a user, or goes on to.</summary>
    public void Renew(SessionCell cell, IActorRef watcher)
    {
        if (!_watches.TryGetValue(cell, out var leases))
            _watches.Add(cell, leases = []);
        leases[watcher] = services.Time.GetTimestamp();
        cell.Active.IsWatched = true;
    }

    /// <summary>Somebody does not watch a user any more.</summary>
    public void Remove(SessionCell cell, IActorRef watcher)
    {
        if (!_watches.TryGetValue(cell, out var leases))
            return;
        leases.Remove(watcher);
        cell.Active.IsWatched = leases.Count > 0;
        if (leases.Count == 0)
            _watches.Remove(cell);
    }

    /// <summary>Takes those away who did not renew their watch. Looked for once a second.</summary>
    public IReadOnlyList<(SessionCell Cell, IActorRef Watcher)> Expire()
    {
        if (services.Time.GetElapsedTime(_expiredAt) < ExpireInterval)
            return [];
        _expiredAt = services.Time.GetTimestamp();
        var expired = _watches
            .SelectMany(watched =>
                watched.Value.Select(lease => (Cell: watched.Key, Watcher: lease.Key, At: lease.Value))
            )
            .Where(watch => services.Time.GetElapsedTime(watch.At) >= Watch.Lease)
            .Select(watch => (watch.Cell, watch.Watcher))
            .ToArray();
        foreach (var (cell, watcher) in expired)
            Remove(cell, watcher);
        return expired;
    }

    /// <summary>A turn begins. Answers whom to refresh first; null: nobody, or a turn is not over yet.</summary>
    public SessionCell? BeginTurn()
    {
        Enqueue();
        if (_isRefreshing)
            return null;
        _turnBegan = services.Time.GetTimestamp();
        return Next();
    }

    /// <summary>Whom to refresh next, when one is refreshed; null: the turn is over.</summary>
    public SessionCell? Next()
    {
        SessionCell? next = null;
        while (
            next is null && services.Time.GetElapsedTime(_turnBegan) < TurnTime && _toRefresh.TryDequeue(out var cell)
        )
            next = cell.IsWatched ? cell : null;
        _isRefreshing = next is not null;
        return next;
    }

    private void Enqueue()
    {
        var model = services.Recommender.Current.Serving.Version;
        var catalogue = services.Catalogue.Revision;
        var isChanged = catalogue != _catalogue || model != _model;
        var isDue = services.Time.GetElapsedTime(_refreshedAt) >= services.Options.RefreshInterval;
        if (!isChanged || !isDue || _toRefresh.Count > 0)
            return;
        (_model, _catalogue, _refreshedAt) = (model, catalogue, services.Time.GetTimestamp());
        foreach (var cell in _watches.Keys)
            _toRefresh.Enqueue(cell);
    }
}
