namespace CourseRec.Actors.Partitions;

/// <summary>
/// Proves that no other node serves this one's partitions: it may serve for a lifetime after the <em>sending</em> of
/// the ping whose answers completed a majority of the session nodes, unreachable ones counted among them. For that
/// long nobody takes this node's partitions over: the others would have to miss it, agree on that, and wait for the
/// removal margin. Alone it has nobody to ask. One writer; whoever asks may be on any thread.
/// </summary>
/// <param name="lifetime">How long an answered ping proves something.</param>
/// <param name="time">A clock that goes on while the process stands still.</param>
internal sealed class ServingProof(TimeSpan lifetime, TimeProvider time) : IServingProof
{
    private const long Never = long.MinValue;
    private readonly Dictionary<long, Round> _rounds = [];
    private HashSet<long> _others = [];
    private long _round;
    private long _provenAt = Never;
    private volatile bool _isAlone;
    private volatile bool _isRevoked = true;

    /// <inheritdoc/>
    public bool IsProven
    {
        get
        {
            var at = Volatile.Read(ref _provenAt);
            return !_isRevoked && (_isAlone || (at != Never && time.GetElapsedTime(at) < lifetime));
        }
    }

    /// <summary>The cluster's session nodes have changed.</summary>
    /// <param name="isMember">Whether this node is one that may serve: up, or leaving.</param>
    /// <param name="others">The other session nodes, by uid, whatever their state.</param>
    public void SetMembers(bool isMember, IEnumerable<long> others)
    {
        _others = [.. others];
        _isAlone = isMember && _others.Count == 0;
        _isRevoked = !isMember;
        if (_isRevoked)
            Volatile.Write(ref _provenAt, Never);
    }

    /// <summary>The others are pinged now. Answers the round's number.</summary>
    public long Begin()
    {
        foreach (var old in _rounds.Where(round => time.GetElapsedTime(round.Value.SentAt) > lifetime).ToArray())
            _rounds.Remove(old.Key);
        _rounds.Add(++_round, new(time.GetTimestamp()));
        return _round;
    }

    /// <summary>Another node has answered.</summary>
    /// <param name="round">What it answered.</param>
    /// <param name="node">Its uid.</param>
    public void OnAnswer(long round, long node)
    {
        if (!_rounds.TryGetValue(round, out var asked) || !_others.Contains(node) || !asked.Answers.Add(node))
            return;
        var (members, heard) = (_others.Count + 1, asked.Answers.Count(_others.Contains) + 1);
        if (heard * 2 > members && asked.SentAt > _provenAt)
            Volatile.Write(ref _provenAt, asked.SentAt);
    }

    private sealed record Round(long SentAt)
    {
        public HashSet<long> Answers { get; } = [];
    }
}
