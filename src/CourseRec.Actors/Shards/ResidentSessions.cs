namespace CourseRec.Actors.Shards;

/// <summary>
/// The sessions that a shard holds in memory, bounded: beyond the limit, those not used lately leave (the CLOCK
/// approximation of least recently used), provided that the store has acknowledged them.
/// </summary>
public sealed class ResidentSessions
{
    private readonly Dictionary<string, SessionCell> _cells = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SessionCell>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly List<SessionCell> _slots = [];
    private int _hand;

    /// <summary>No sessions yet.</summary>
    public ResidentSessions() => _bySpan = _cells.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many there are.</summary>
    public int Count => _slots.Count;

    /// <summary>Every one of them, in no order.</summary>
    public IReadOnlyList<SessionCell> All => _slots;

    /// <summary>The user's cell; a new one has nothing packed.</summary>
    public SessionCell GetOrAdd(ReadOnlySpan<char> user)
    {
        if (!_bySpan.TryGetValue(user, out var cell))
        {
            cell = new SessionCell(user.ToString());
            _cells.Add(cell.User, cell);
            _slots.Add(cell);
        }
        cell.WasUsed = true;
        return cell;
    }

    /// <summary>Lets sessions leave until at most <paramref name="limit"/> stay, or none may leave.</summary>
    public void Shrink(int limit)
    {
        for (var looks = 2 * _slots.Count; _slots.Count > limit && looks > 0; looks--)
        {
            if (_hand >= _slots.Count)
                _hand = 0;
            var cell = _slots[_hand];
            if (cell.WasUsed || !cell.CanLeave)
            {
                cell.WasUsed = false;
                _hand++;
                continue;
            }
            _cells.Remove(cell.User);
            _slots[_hand] = _slots[^1];
            _slots.RemoveAt(_slots.Count - 1);
        }
    }
}
