using CourseRec.Actors.Learning;

namespace CourseRec.Training.Online;

/// <summary>
/// Examples that wait for a step, joined a user: a user who was quick is one sequence with several targets, whose
/// context is read once.
/// </summary>
/// <param name="joins">Whether targets can share a sequence: they can where every position predicts the next.</param>
internal sealed class Coalescer(bool joins)
{
    private readonly Dictionary<ulong, FreshSequence> _newest = [];
    private readonly Queue<FreshSequence> _waiting = [];

    /// <summary>Sequences that wait.</summary>
    public int Count => _waiting.Count;

    public void Add(in Example example)
    {
        if (joins && _newest.TryGetValue(example.User, out var last) && last.TryExtend(example))
            return;
        var sequence = new FreshSequence(example);
        _newest[example.User] = sequence;
        _waiting.Enqueue(sequence);
    }

    /// <summary>Drops what waits of a user.</summary>
    /// <returns>How many examples that were.</returns>
    public int Forget(ulong user)
    {
        if (!_newest.Remove(user))
            return 0;
        var (waiting, dropped) = (_waiting.ToArray(), 0);
        _waiting.Clear();
        foreach (var sequence in waiting)
            if (sequence.User == user)
                dropped += sequence.Fresh;
            else
                _waiting.Enqueue(sequence);
        return dropped;
    }

    /// <summary>Takes the sequences that have waited longest.</summary>
    public List<FreshSequence> Take(int most)
    {
        var taken = new List<FreshSequence>(Math.Min(most, _waiting.Count));
        while (taken.Count < most && _waiting.TryDequeue(out var sequence))
        {
            taken.Add(sequence);
            if (_newest.TryGetValue(sequence.User, out var newest) && ReferenceEquals(newest, sequence))
                _newest.Remove(sequence.User);
        }
        return taken;
    }
}
