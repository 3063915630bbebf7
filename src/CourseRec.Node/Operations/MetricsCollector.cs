using System.Diagnostics.Metrics;

namespace CourseRec.Node.Operations;

/// <summary>
/// Listens to every meter whose name begins with <c>CourseRec</c>, and keeps what the Prometheus text needs. A family
/// holds at most 1,000 label sets; what goes beyond is counted under <c>overflow="true"</c>.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    private const string Prefix = "CourseRec";
    private readonly MeterListener _listener = new();
    private readonly Lock _families = new();
    private readonly Lock _collecting = new();
    private readonly SortedDictionary<string, MetricFamily> _byName = new(StringComparer.Ordinal);

    public MetricsCollector()
    {
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>((_, v, tags, family) => Measure(family, v, tags));
        _listener.SetMeasurementEventCallback<short>((_, v, tags, family) => Measure(family, v, tags));
        _listener.SetMeasurementEventCallback<int>((_, v, tags, family) => Measure(family, v, tags));
        _listener.SetMeasurementEventCallback<long>((_, v, tags, family) => Measure(family, v, tags));
        _listener.SetMeasurementEventCallback<float>((_, v, tags, family) => Measure(family, v, tags));
        _listener.SetMeasurementEventCallback<double>((_, v, tags, family) => Measure(family, v, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, v, tags, family) => Measure(family, (double)v, tags));
        _listener.Start();
    }

    /// <summary>Writes every family, in order of name.</summary>
    public void Write(TextWriter output)
    {
        MetricFamily[] families;
        lock (_families)
            families = [.. _byName.Values];
        lock (_collecting)
        {
            foreach (var family in families)
                family.BeginCollection();
            _listener.RecordObservableInstruments();
            foreach (var family in families)
                PrometheusText.Write(output, family);
        }
    }

    /// <summary>A family's values now, by labels; nothing when it has measured nothing.</summary>
    public IReadOnlyDictionary<string, double> Values(string family)
    {
        var values = new Dictionary<string, double>();
        Read(family, series => values[series.Labels] = series.Value);
        return values;
    }

    /// <summary>How many observations a histogram has, and their sum.</summary>
    public (long Count, double Sum) Totals(string family)
    {
        var (count, sum) = (0L, 0.0);
        Read(
            family,
            series =>
            {
                foreach (var inBucket in series.Counts)
                    count += inBucket;
                sum += series.Value;
            }
        );
        return (count, sum);
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private void Read(string family, Action<MetricSeries> read)
    {
        MetricFamily? found;
        lock (_families)
            found = _byName.GetValueOrDefault(family);
        if (found is null)
            return;
        lock (_collecting)
        {
            found.BeginCollection();
            _listener.RecordObservableInstruments();
            found.Read((series, _) => read(series));
        }
    }

    private static void Measure(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Measure(value, tags);

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!instrument.Meter.Name.StartsWith(Prefix, StringComparison.Ordinal))
            return;
        var family = MetricFamily.For(instrument);
        lock (_families)
        {
            if (_byName.TryGetValue(family.Name, out var known))
                family = known;
            else
                _byName.Add(family.Name, family);
        }
        listener.EnableMeasurementEvents(instrument, family);
    }
}
