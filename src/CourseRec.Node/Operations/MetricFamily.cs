using System.Diagnostics.Metrics;

namespace CourseRec.Node.Operations;

/// <summary>What a family's samples mean.</summary>
internal enum MetricKind
{
    /// <summary>Only rises; measurements are added.</summary>
    Counter,

    /// <summary>Rises and falls; measurements are added.</summary>
    Sum,

    /// <summary>The last measurement.</summary>
    Gauge,

    /// <summary>Counts in buckets.</summary>
    Histogram,
}

/// <summary>All series of one name. Safe for concurrent use.</summary>
internal sealed class MetricFamily(string name, string help, MetricKind kind, bool observable, double[] buckets)
{
    private const int MaxSeries = 1_000;
    private static readonly double[] DefaultBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly KeyValuePair<string, object?>[] Overflow = [new("overflow", "true")];
    private readonly Lock _measuring = new();
    private readonly List<MetricSeries> _series = [];

    public string Name => name;

    public string Help => help;

    public MetricKind Kind => kind;

    public static MetricFamily For(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var kind =
            generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? MetricKind.Counter
            : generic == typeof(UpDownCounter<>) || generic == typeof(ObservableUpDownCounter<>) ? MetricKind.Sum
            : generic == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
        return new(
            PrometheusText.NameOf(instrument.Name, instrument.Unit, kind),
            instrument.Description ?? instrument.Name,
            kind,
            instrument.IsObservable,
            kind == MetricKind.Histogram ? Boundaries(instrument) : []
        );
    }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (_measuring)
        {
            var series = Find(tags) ?? Add(tags);
            if (kind == MetricKind.Histogram)
                series.Observe(value, buckets);
            else if (kind == MetricKind.Gauge)
                series.Value = value;
            else
                series.Value += value;
        }
    }

    /// <summary>Before observable instruments report: they report all that there is, as totals.</summary>
    public void BeginCollection()
    {
        lock (_measuring)
        {
            if (observable)
                _series.Clear();
        }
    }

    /// <summary>Calls back for each series, in order of labels, with the bucket boundaries.</summary>
    public void Read(Action<MetricSeries, double[]> read)
    {
        lock (_measuring)
        {
            foreach (var series in _series.OrderBy(s => s.Labels, StringComparer.Ordinal))
                read(series, buckets);
        }
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var series in _series)
        {
            if (series.Has(tags))
                return series;
        }
        return null;
    }

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (_series.Count >= MaxSeries && Find(Overflow) is { } overflow)
            return overflow;
        var series = new MetricSeries(_series.Count >= MaxSeries ? Overflow : tags, buckets.Length);
        _series.Add(series);
        return series;
    }

    private static double[] Boundaries(Instrument instrument) =>
        instrument switch
        {
            Histogram<double> h => h.Advice?.HistogramBucketBoundaries?.ToArray(),
            Histogram<float> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
            Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
            Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b).ToArray(),
            _ => null,
        } ?? DefaultBuckets;
}

/// <summary>One label set's value. Its family locks it.</summary>
internal sealed class MetricSeries(ReadOnlySpan<KeyValuePair<string, object?>> tags, int buckets)
{
    private readonly KeyValuePair<string, object?>[] _tags = tags.ToArray();
    private readonly long[] _counts = new long[buckets + 1];

    /// <summary>As in <c>a="1",b="2"</c>, ordered and escaped; empty without labels.</summary>
    public string Labels { get; } = PrometheusText.Labels(tags);

    /// <summary>The value; of a histogram, the sum of what was observed.</summary>
    public double Value { get; set; }

    /// <summary>Observations in each bucket, the last one being above every boundary.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    public void Observe(double value, double[] boundaries)
    {
        var bucket = Array.BinarySearch(boundaries, value);
        _counts[bucket < 0 ? ~bucket : bucket]++;
        Value += value;
    }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> other)
    {
        if (other.Length != _tags.Length)
            return false;
        for (var i = 0; i < other.Length; i++)
        {
            if (other[i].Key != _tags[i].Key || !Equals(other[i].Value, _tags[i].Value))
                return false;
        }
        return true;
    }
}
