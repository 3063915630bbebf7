using System.Runtime.InteropServices;

namespace CourseRec.Actors.Intake;

/// <summary>
/// Counts the events of each user in one request. The users' names are kept in one buffer, and hashed with a seed of
/// the process.
/// </summary>
internal sealed class UserTally
{
    private const int Slots = 4096;
    private readonly ushort[] _slots = new ushort[Slots];
    private readonly List<(int Start, int Length, int Slot, int Events)> _users = [];
    private readonly List<byte> _names = [];

    /// <summary>Counts one more event of a user; answers how many there are now.</summary>
    public int Count(ReadOnlySpan<byte> user)
    {
        var hash = new HashCode();
        hash.AddBytes(user);
        var slot = hash.ToHashCode() & (Slots - 1);
        while (_slots[slot] != 0)
        {
            ref var known = ref CollectionsMarshal.AsSpan(_users)[_slots[slot] - 1];
            if (Name(known.Start, known.Length).SequenceEqual(user))
                return ++known.Events;
            slot = (slot + 1) & (Slots - 1);
        }
        _users.Add((_names.Count, user.Length, slot, 1));
        _names.AddRange(user);
        _slots[slot] = (ushort)_users.Count;
        return 1;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var user in _users)
            _slots[user.Slot] = 0;
        _users.Clear();
        _names.Clear();
    }

    private ReadOnlySpan<byte> Name(int start, int length) => CollectionsMarshal.AsSpan(_names).Slice(start, length);
}
