using System.Diagnostics.Metrics;
using CourseRec.Actors.Catalogue;

namespace CourseRec.Node.Operations;

/// <summary>What the node itself measures. Sessions, the intake and the log have meters of their own.</summary>
internal sealed class NodeMetrics : IDisposable
{
    private static readonly double[] PushBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly Meter _meter = new("CourseRec.Node");
    private readonly Counter<long> _busy;
    private readonly Counter<long> _unavailable;
    private readonly Counter<long> _pushes;
    private readonly Histogram<double> _latency;

    public NodeMetrics(CourseCatalogue catalogue)
    {
        _busy = _meter.CreateCounter<long>("courserec.requests.busy", null, "Requests refused because of overload (429).");
        _unavailable = _meter.CreateCounter<long>(
            "courserec.requests.unavailable",
            null,
            "Requests refused because the log or the store could not be used (503)."
        );
        _pushes = _meter.CreateCounter<long>("courserec.pushes", null, "Lists sent to watching users.");
        _latency = _meter.CreateHistogram<double>(
            "courserec.push.latency",
            "s",
            "From the acceptance of an event to the end of the push that it caused.",
            advice: new() { HistogramBucketBoundaries = PushBuckets }
        );
        _meter.CreateObservableGauge("courserec.catalogue.courses", () => catalogue.Count, null, "Courses in the catalogue.");
    }

    public void Busy() => _busy.Add(1);

    public void Unavailable() => _unavailable.Add(1);

    public void Pushed(double? milliseconds)
    {
        _pushes.Add(1);
        if (milliseconds is { } latency)
            _latency.Record(Math.Max(0, latency) / 1000);
    }

    public void Dispose() => _meter.Dispose();
}
