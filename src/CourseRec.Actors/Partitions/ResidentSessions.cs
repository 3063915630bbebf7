namespace CourseRec.Actors.Partitions;

/// <summary>
/// The sessions that a partition holds in memory, bounded: beyond the limit, those not used lately leave (the CLOCK
/// approximation of least recently used), provided that the store has acknowledged them. A hash table of nothing but
/// references, with linear probing (Knuth, TAOCP 3, 6.4, algorithms L and R): a dictionary would take 40 bytes more for
/// each.
/// </summary>
public sealed class ResidentSessions
{
    private const int FirstSlots = 16;
    private SessionCell?[] _slots = new SessionCell?[FirstSlots];
    private int _hand;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Every one of them, in no order.</summary>
    public IEnumerable<SessionCell> All => _slots.OfType<SessionCell>();

    /// <summary>The user's cell; null when the user is not in memory.</summary>
    public SessionCell? Find(string user) => _slots[SlotOf(user)];

    /// <summary>The user's cell; a new one has nothing packed.</summary>
    public SessionCell GetOrAdd(ReadOnlySpan<char> user)
    {
        var slot = SlotOf(user);
        var cell = _slots[slot] ?? Add(slot, new SessionCell(user.ToString()));
        cell.WasUsed = true;
        return cell;
    }

    /// <summary>Lets sessions leave until at most a number stay, or none may leave.</summary>
    /// <param name="limit">The number.</param>
    /// <param name="leaving">Told of every one that leaves.</param>
    public void Shrink(int limit, Action<SessionCell>? leaving = null)
    {
        for (var looks = 2 * _slots.Length; Count > limit && looks > 0; looks--)
        {
            _hand &= _slots.Length - 1;
            if (_slots[_hand] is { WasUsed: false, CanLeave: true } cell)
            {
                leaving?.Invoke(cell);
                RemoveAt(_hand);
                continue;
            }
            if (_slots[_hand] is { } stays)
                stays.WasUsed = false;
            _hand++;
        }
    }

    /// <summary>The slot of a user, or the free one where the user belongs.</summary>
    private int SlotOf(ReadOnlySpan<char> user)
    {
        var slot = HomeOf(user);
        while (_slots[slot] is { } cell && !user.SequenceEqual(cell.User))
            slot = Next(slot);
        return slot;
    }

    private SessionCell Add(int slot, SessionCell cell)
    {
        _slots[slot] = cell;
        Count++;
        if (Count > _slots.Length / 4 * 3)
            Grow();
        return cell;
    }

    private void Grow()
    {
        var cells = _slots;
        _slots = new SessionCell?[cells.Length * 2];
        foreach (var cell in cells.OfType<SessionCell>())
            _slots[SlotOf(cell.User)] = cell;
    }

    /// <summary>Closes the gap: what would not be found beyond it any more moves into it.</summary>
    private void RemoveAt(int gap)
    {
        Count--;
        for (var slot = Next(gap); _slots[slot] is { } cell; slot = Next(slot))
        {
            if (Distance(HomeOf(cell.User), slot) < Distance(gap, slot))
                continue;
            _slots[gap] = cell;
            gap = slot;
        }
        _slots[gap] = null;
    }

    private int HomeOf(ReadOnlySpan<char> user) => string.GetHashCode(user) & (_slots.Length - 1);

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);

    private int Distance(int from, int to) => (to - from) & (_slots.Length - 1);
}
