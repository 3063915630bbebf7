namespace CourseRec.Training.Online;

/// <summary>
/// What was trained, to be repeated: a uniform sample of the users, each with the latest sequence, and the most recent
/// sequences.
/// </summary>
/// <param name="capacity">Users kept.</param>
/// <param name="longest">The most courses of a sequence that are kept: its last ones.</param>
/// <param name="random">Decides who is kept and what is drawn.</param>
internal sealed class ReplayBuffer(int capacity, int longest, Random random)
{
    private const int RecentCapacity = 2_048;

    private readonly List<StoredSequence> _users = [];
    private readonly Dictionary<ulong, int> _places = [];
    private readonly List<StoredSequence> _recent = [];
    private int _oldest;
    private long _seen;

    public int Users => _users.Count;

    /// <summary>Every user kept.</summary>
    public IReadOnlyList<StoredSequence> Sample => _users;

    /// <summary>The recent sequences, oldest first.</summary>
    public IEnumerable<StoredSequence> Recent => _recent.Skip(_oldest).Concat(_recent.Take(_oldest));

    /// <summary>Users ever offered a place; one who lost it and comes back counts again.</summary>
    public long Seen => _seen;

    /// <summary>Keeps what was just trained.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="courses">Process indices, oldest first.</param>
    /// <param name="fresh">How many of the last ones are new since this user was last kept.</param>
    public void Keep(ulong user, int[] courses, int fresh)
    {
        var sequence = new StoredSequence(user, courses);
        if (_places.TryGetValue(user, out var place))
            _users[place] = sequence = new(user, Merged(_users[place].Courses, courses, fresh));
        else
            Offer(sequence);
        KeepRecent(sequence);
    }

    /// <summary>Drops a user's.</summary>
    public void Forget(ulong user)
    {
        StoredSequence[] kept = [.. Recent.Where(sequence => sequence.User != user)];
        _recent.Clear();
        _recent.AddRange(kept);
        _oldest = 0;
        if (!_places.Remove(user, out var place))
            return;
        _users[place] = _users[^1];
        _users.RemoveAt(_users.Count - 1);
        if (place < _users.Count)
            _places[_users[place].User] = place;
    }

    /// <summary>Puts back what was saved, in order.</summary>
    public void Restore(IEnumerable<StoredSequence> sample, IEnumerable<StoredSequence> recent, long seen)
    {
        foreach (var sequence in sample.Take(capacity))
            if (_places.TryAdd(sequence.User, _users.Count))
                _users.Add(sequence);
        foreach (var sequence in recent)
            KeepRecent(sequence);
        _seen = Math.Max(seen, _users.Count);
    }

    /// <summary>Draws sequences: half of them uniformly over the sample, half over the recent ones.</summary>
    public IEnumerable<int[]> Draw(int count)
    {
        for (var i = 0; i < count && _users.Count > 0; i++)
        {
            var from = i % 2 == 0 || _recent.Count == 0 ? _users : _recent;
            yield return from[random.Next(from.Count)].Courses;
        }
    }

    /// <summary>
    /// The stored sequence goes on where it can; else the longer of the two stays, as a late event has little before
    /// it.
    /// </summary>
    private int[] Merged(int[] stored, int[] courses, int fresh)
    {
        var context = courses.AsSpan(..^fresh);
        if (stored.AsSpan().EndsWith(context))
            return [.. stored.Concat(courses[^fresh..]).TakeLast(longest)];
        return courses.Length >= stored.Length ? courses : stored;
    }

    private void Offer(StoredSequence sequence)
    {
        _seen++;
        if (_users.Count < capacity)
        {
            _places[sequence.User] = _users.Count;
            _users.Add(sequence);
            return;
        }
        var place = random.NextInt64(_seen);
        if (place >= capacity)
            return;
        _places.Remove(_users[(int)place].User);
        _places[sequence.User] = (int)place;
        _users[(int)place] = sequence;
    }

    private void KeepRecent(StoredSequence sequence)
    {
        if (_recent.Count < RecentCapacity)
            _recent.Add(sequence);
        else
            (_recent[_oldest], _oldest) = (sequence, (_oldest + 1) % RecentCapacity);
    }
}

/// <summary>A user's courses, process indices, oldest first.</summary>
internal readonly record struct StoredSequence(ulong User, int[] Courses);
