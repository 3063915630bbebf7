namespace CourseRec.Actors.Partitions;

/// <summary>The last judged events of all partitions, with every contender's rank. Safe for concurrent use.</summary>
internal sealed class JudgeWindow(int size)
{
    private const double LeastShare = 0.1;
    private readonly Lock _lock = new();
    private readonly Queue<(string Contender, double Rank)[]> _events = new();

    public void Add((string Contender, double Rank)[] ranks)
    {
        lock (_lock)
        {
            if (_events.Count == size)
                _events.Dequeue();
            _events.Enqueue(ranks);
        }
    }

    /// <summary>
    /// The averages, in the order of the names, over the events that all of them were judged in: others would compare
    /// luck. A contender that came so lately that it was judged in less than a tenth of the events has no figures
    /// (NaN) as yet, only their number.
    /// </summary>
    public IReadOnlyList<ContenderQuality> Read(IEnumerable<string> contenders)
    {
        string[] names = [.. contenders];
        (string, double)[][] events;
        lock (_lock)
            events = [.. _events];
        var took = new int[names.Length];
        foreach (var ranks in events)
            Each(names, ranks, (place, _) => took[place]++);
        var isCompared = took.Select(count => count > 0 && count >= LeastShare * events.Length).ToArray();
        var sums = Sum(names, events, isCompared);
        return
        [
            .. names.Select(
                (name, i) =>
                    isCompared[i] || took[i] == 0
                        ? sums[i].Average(name)
                        : new ContenderQuality(name, took[i], double.NaN, double.NaN, double.NaN)
            ),
        ];
    }

    private static JudgeTotals[] Sum(string[] names, (string, double)[][] events, bool[] isCompared)
    {
        var (sums, compared) = (new JudgeTotals[names.Length], isCompared.Count(it => it));
        foreach (var ranks in events)
        {
            var present = 0;
            Each(names, ranks, (place, _) => present += isCompared[place] ? 1 : 0);
            if (present == compared)
                Each(names, ranks, (place, rank) => sums[place] += JudgeTotals.Of(rank));
        }
        return sums;
    }

    private static void Each(string[] names, (string Contender, double Rank)[] ranks, Action<int, double> act)
    {
        foreach (var (contender, rank) in ranks)
        {
            if (Array.IndexOf(names, contender) is var place and >= 0)
                act(place, rank);
        }
    }
}
