using System.Diagnostics.Metrics;
using CourseRec.Node.Operations;

namespace CourseRec.Node.Tests.Operations;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Counters_gauges_and_histograms_are_written_in_order()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("CourseRec.TextTest");
        var counter = meter.CreateCounter<long>("zz.text.seen", null, "Seen.\nTwo lines, a \\.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a\"b\\c\nd"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a\"b\\c\nd"));
        counter.Add(1, new KeyValuePair<string, object?>("kind", "A"));
        var open = meter.CreateUpDownCounter<int>("zz.text.open");
        open.Add(5);
        open.Add(-2);
        var readings = new Queue<long>([7, 8]);
        meter.CreateObservableGauge("zz.text.level", () => readings.Dequeue(), "By", "Level.");
        var wait = meter.CreateHistogram<double>(
            "zz.text.wait",
            "s",
            "Wait.",
            advice: new() { HistogramBucketBoundaries = [0.1, 1] }
        );
        foreach (var seconds in new[] { 0.1, 0.5, 3 })
            wait.Record(seconds);
        Assert.Equal(
            """
            # HELP zz_text_level_bytes Level.
            # TYPE zz_text_level_bytes gauge
            zz_text_level_bytes 7
            # HELP zz_text_open zz.text.open
            # TYPE zz_text_open gauge
            zz_text_open 3
            # HELP zz_text_seen_total Seen.\nTwo lines, a \\.
            # TYPE zz_text_seen_total counter
            zz_text_seen_total{kind="A"} 1
            zz_text_seen_total{kind="a\"b\\c\nd"} 5
            # HELP zz_text_wait_seconds Wait.
            # TYPE zz_text_wait_seconds histogram
            zz_text_wait_seconds_bucket{le="0.1"} 1
            zz_text_wait_seconds_bucket{le="1"} 2
            zz_text_wait_seconds_bucket{le="+Inf"} 3
            zz_text_wait_seconds_sum 3.6
            zz_text_wait_seconds_count 3

            """,
            Text(collector)
        );
        Assert.Contains("zz_text_level_bytes 8\n", Text(collector), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_meters_are_not_written()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("Foreign");
        meter.CreateCounter<long>("zz.text.foreign").Add(1);
        Assert.Empty(Text(collector));
    }

    [Fact]
    public void Label_sets_beyond_a_thousand_are_counted_as_overflow()
    {
        using var collector = new MetricsCollector();
        using var meter = new Meter("CourseRec.TextTest");
        var counter = meter.CreateCounter<long>("zz.text.many");
        for (var i = 0; i < 1_500; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));
        Assert.Contains("zz_text_many_total{overflow=\"true\"} 500\n", Text(collector), StringComparison.Ordinal);
    }

    // Nodes of other tests in this process have meters too: only this test's families count.
    private static string Text(MetricsCollector collector)
    {
        var all = new StringWriter();
        collector.Write(all);
        var lines = all.ToString().Split('\n').Where(l => l.Contains("zz_text", StringComparison.Ordinal));
        return string.Concat(lines.Select(l => l + "\n"));
    }
}
