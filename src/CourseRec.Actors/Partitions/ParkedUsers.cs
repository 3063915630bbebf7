using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>The users of a partition whose records are put aside, and what the store has to learn of them.</summary>
internal sealed class ParkedUsers(PartitionServices services, int partition)
{
    private const int MaxParked = 1_000;
    private readonly Dictionary<string, Parking> _parked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Parking> _toStore = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _parked.Count;

    /// <summary>Whether there is something to store.</summary>
    public bool IsChanged => _toStore.Count > 0;

    /// <summary>Why a user's records are put aside; null when they are folded.</summary>
    public Parking? Find(string user) => _parked.GetValueOrDefault(user);

    /// <summary>Takes over what is stored.</summary>
    public void Restore(IEnumerable<Parking> parked)
    {
        foreach (var parking in parked)
            _parked[parking.User] = parking;
    }

    /// <summary>A user's parking has begun, changed or ended.</summary>
    /// <param name="state">The user afterwards.</param>
    /// <param name="toStore">What the store has to learn; null: it learns of the end from the erasure.</param>
    /// <exception cref="PartitionStoppedException">So many are parked that it is no matter of users.</exception>
    public void Note(UserState state, Parking? toStore)
    {
        if (state.Parking is { } parking)
            Park(parking, toStore);
        else if (_parked.Remove(state.User) | _toStore.Remove(state.User))
            ActorsLog.UserReleased(services.Logger, partition, state.User, state.Version);
        if (toStore is not null)
            _toStore[state.User] = toStore;
    }

    /// <summary>What the store has to learn; each is handed over once.</summary>
    public IReadOnlyList<Parking> Take()
    {
        Parking[] taken = [.. _toStore.Values];
        _toStore.Clear();
        return taken;
    }

    private void Park(Parking parking, Parking? toStore)
    {
        if (!_parked.ContainsKey(parking.User) && _parked.Count >= MaxParked)
            throw new PartitionStoppedException(
                $"partition {partition}: {MaxParked} users are parked, so it is no matter of users. The last one "
                    + $"is {parking.User}: {parking.Reason}"
            );
        _parked[parking.User] = parking;
        if (toStore is not null)
            ActorsLog.UserParked(services.Logger, partition, parking.User, parking.Version, parking.Reason!);
    }
}
