using CourseRec.Cql.Connections;

namespace CourseRec.Cql.Topology;

/// <summary>
/// Which node to ask: the owner of the partition's token first, then the nodes behind it on the ring, which hold its
/// further replicas (the ring is that of one data centre, where the owner is a replica whatever the strategy; racks
/// may make the replicas after it others).
/// </summary>
internal sealed class TokenRing
{
    private readonly long[] _tokens;
    private readonly CqlHost[] _owners;
    private readonly CqlHost[] _hosts;
    private int _turn;

    /// <param name="places">Every token with its node; a node's tokens may be left out, then it is only asked in
    /// turn.</param>
    /// <param name="hosts">All nodes.</param>
    public TokenRing(IEnumerable<(long Token, CqlHost Owner)> places, IEnumerable<CqlHost> hosts)
    {
        var ordered = places.OrderBy(place => place.Token).ToArray();
        _tokens = [.. ordered.Select(place => place.Token)];
        _owners = [.. ordered.Select(place => place.Owner)];
        _hosts = [.. hosts];
    }

    /// <summary>No nodes.</summary>
    public static TokenRing Empty { get; } = new([], []);

    public IReadOnlyList<CqlHost> Hosts => _hosts;

    /// <summary>A connection to the best node that can be reached; null when none can.</summary>
    /// <param name="token">The partition's; null: any.</param>
    /// <param name="tried">Nodes to leave out, unless there is no other.</param>
    public Route? Pick(long? token, IReadOnlyCollection<CqlHost> tried)
    {
        var (places, start) = token is { } t && _tokens.Length > 0 ? (_owners, Place(t)) : (_hosts, Turn());
        Route? again = null;
        for (var i = 0; i < places.Length; i++)
        {
            var host = places[(start + i) % places.Length];
            if (host.Pick() is not { } connection)
                continue;
            if (!tried.Contains(host))
                return new(host, connection);
            again ??= new(host, connection);
        }
        return again;
    }

    private int Turn() => _hosts.Length == 0 ? 0 : (int)((uint)Interlocked.Increment(ref _turn) % (uint)_hosts.Length);

    private int Place(long token)
    {
        var index = Array.BinarySearch(_tokens, token);
        return (index >= 0 ? index : ~index) % _tokens.Length;
    }
}

/// <summary>Where a request goes.</summary>
/// <param name="Host">The node.</param>
/// <param name="Connection">The connection to it.</param>
internal readonly record struct Route(CqlHost Host, CqlConnection Connection);
