namespace CourseRec.Models.Sequential;

/// <summary>
/// Which course of a history a score rests on, by leaving each out in turn. All the histories that lack one are
/// encoded in one batch and kept until another history is asked about, so that the reasons of a whole list cost one
/// batch. Scratch space of one thread.
/// </summary>
internal sealed class HistoryAttribution
{
    private readonly SequentialScorer _scorer = new();
    private SequentialModel? _model;
    private int[] _history = [];
    private int[] _distinct = [];
    private int[] _without = [];
    private int[] _lengths = [];
    private int _length;

    /// <summary>
    /// The course of the history whose absence lowers the target's score most, or −1 when no absence does.
    /// </summary>
    public int Explain(SequentialModel model, ReadOnlySpan<int> history, int target)
    {
        if (history.IsEmpty)
            return -1;
        if (!ReferenceEquals(model, _model) || !history.SequenceEqual(_history.AsSpan(0, _length)))
            Encode(model, history);
        var (reason, lowest) = (-1, _scorer.Score(0, target));
        for (var i = 1; i < _scorer.Count; i++)
            if (_scorer.Score(i, target) is var score && score < lowest)
                (reason, lowest) = (_distinct[i - 1], score);
        return reason;
    }

    /// <summary>Encodes the whole history, then one without each of its distinct courses.</summary>
    private void Encode(SequentialModel model, ReadOnlySpan<int> history)
    {
        var n = history.Length;
        if (_history.Length < n)
        {
            (_history, _distinct, _lengths) = (new int[n], new int[n], new int[n + 1]);
            _without = new int[n * (n + 1)];
        }
        (_model, _length) = (model, n);
        history.CopyTo(_history);
        history.CopyTo(_without);
        _lengths[0] = n;
        var (used, count) = (n, 0);
        for (var i = 0; i < n; i++)
        {
            if (_distinct.AsSpan(0, count).Contains(history[i]))
                continue;
            _distinct[count++] = history[i];
            var start = used;
            foreach (var course in history)
                if (course != history[i])
                    _without[used++] = course;
            _lengths[count] = used - start;
        }
        _scorer.Encode(model, _without.AsSpan(0, used), _lengths.AsSpan(0, count + 1));
    }
}
