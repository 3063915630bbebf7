using CourseRec.Benchmarks.Online.Live;
using CourseRec.Models.Evaluation;

namespace CourseRec.Benchmarks.Online.Analysis;

/// <summary>
/// What the judged events of a run say: quality by contender, comparisons, the curve. NDCG@10 and HR@10 in full
/// ranking.
/// </summary>
internal sealed class StreamAnalysis
{
    private const int Cut = 10;
    private const int Windows = 48;
    private const int LeastWindow = 50;
    private readonly JudgedEvents _judged;
    private readonly JudgedRow[] _last;
    private readonly int _seed;

    /// <summary>An analysis of a run that has ended.</summary>
    /// <param name="judged">Its judged events.</param>
    /// <param name="lastFrom">Events at or after this place are the last part, on which contenders are
    /// compared.</param>
    /// <param name="seed">Seeds the intervals.</param>
    public StreamAnalysis(JudgedEvents judged, int lastFrom, int seed)
    {
        (_judged, _seed) = (judged, seed);
        _last = [.. judged.Rows.Skip(lastFrom)];
    }

    /// <summary>Every contender that took part in the last part, the best first.</summary>
    public IReadOnlyList<ContenderFigures> LastPart() =>
        [
            .. _judged
                .Contenders.Select((name, column) => Figures(name, column, _last))
                .Where(figures => figures.Events > 0)
                .OrderByDescending(figures => figures.Ndcg10),
        ];

    /// <summary>
    /// Two contenders on the last part, NDCG@10, on the events that both judged; null when one never took part.
    /// </summary>
    /// <param name="mine">The one.</param>
    /// <param name="theirs">The other.</param>
    /// <param name="counts">The courses that count; null: all.</param>
    public Comparison? Compare(string mine, string theirs, Func<int, bool>? counts = null)
    {
        var (a, b) = (ColumnOf(mine), ColumnOf(theirs));
        if (a < 0 || b < 0)
            return null;
        return PairedBootstrap.Compare(
            _last
                .Where(row => HasRank(row, a) && HasRank(row, b) && counts?.Invoke(row.Course) != false)
                .Select(row => (row.User, NdcgOf(row, a), NdcgOf(row, b))),
            _seed
        );
    }

    /// <summary>Every contender's NDCG@10 over the stream, in windows of as many events each.</summary>
    public IReadOnlyList<CurvePoint> Curve()
    {
        var rows = _judged.Rows;
        var size = Math.Max(LeastWindow, (rows.Count + Windows - 1) / Windows);
        var points = new List<CurvePoint>();
        for (var start = 0; start < rows.Count; start += size)
        {
            var window = rows.Skip(start).Take(size).ToArray();
            if (window.Length < size / 2 && points.Count > 0)
                break;
            points.Add(
                new(
                    start + window.Length / 2,
                    _judged
                        .Contenders.Select((name, column) => Figures(name, column, window))
                        .Where(figures => figures.Events >= window.Length / 2)
                        .ToDictionary(figures => figures.Name, figures => figures.Ndcg10)
                )
            );
        }
        return points;
    }

    private int ColumnOf(string contender) => _judged.Contenders.ToList().IndexOf(contender);

    private static ContenderFigures Figures(string name, int column, IReadOnlyCollection<JudgedRow> rows)
    {
        var (events, ndcg, hits) = (0, 0.0, 0.0);
        foreach (var row in rows)
        {
            if (!HasRank(row, column))
                continue;
            events++;
            ndcg += NdcgOf(row, column);
            hits += RankingMetrics.HitRate(row.Ranks[column], Cut);
        }
        return new(name, events, ndcg / events, hits / events);
    }

    private static bool HasRank(in JudgedRow row, int column) =>
        column < row.Ranks.Length && !float.IsNaN(row.Ranks[column]);

    private static double NdcgOf(in JudgedRow row, int column) => RankingMetrics.Ndcg(row.Ranks[column], Cut);
}

/// <summary>A contender over some events; the means are NaN when there are none.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Events">Events that it judged.</param>
/// <param name="Ndcg10">NDCG@10.</param>
/// <param name="HitRate10">HR@10.</param>
internal sealed record ContenderFigures(string Name, int Events, double Ndcg10, double HitRate10);

/// <summary>A window of the curve.</summary>
/// <param name="Event">The place of its middle among the judged events.</param>
/// <param name="Ndcg10">NDCG@10 by contender; those that took part in less than half of it are left out.</param>
internal sealed record CurvePoint(int Event, IReadOnlyDictionary<string, double> Ndcg10);
