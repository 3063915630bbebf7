using System.Diagnostics.Metrics;

namespace CourseRec.Cql;

/// <summary>The driver's instruments.</summary>
internal static class CqlMetrics
{
    private static readonly Meter Meter = new("CourseRec.Cassandra");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "db.client.operation.duration",
        "s",
        "Time from asking to the answer, waiting and retries included.",
        advice: new() { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] }
    );

    private static readonly UpDownCounter<long> InFlight = Meter.CreateUpDownCounter<long>(
        "courserec.cql.requests.in_flight",
        "{request}",
        "Requests that wait for a place or an answer."
    );

    private static readonly Counter<long> Retries = Meter.CreateCounter<long>(
        "courserec.cql.retries",
        "{request}",
        "Requests tried again."
    );

    private static readonly Counter<long> TimeOuts = Meter.CreateCounter<long>(
        "courserec.cql.timeouts",
        "{request}",
        "Requests without an answer within their time limit."
    );

    private static readonly Counter<long> Prepared = Meter.CreateCounter<long>(
        "courserec.cql.reprepared",
        "{request}",
        "Requests whose statements a node had forgotten."
    );

    private static readonly Counter<long> Connects = Meter.CreateCounter<long>(
        "courserec.cql.connects",
        "{connection}",
        "Attempts to connect to a node, by outcome."
    );

    private static readonly UpDownCounter<long> Connections = Meter.CreateUpDownCounter<long>(
        "courserec.cql.connections",
        "{connection}",
        "Open connections."
    );

    private static readonly KeyValuePair<string, object?> System = new("db.system.name", "cassandra");
    private static readonly KeyValuePair<string, object?> Ok = new("outcome", "ok");
    private static readonly KeyValuePair<string, object?> Failed = new("outcome", "failed");

    public static void Began() => InFlight.Add(1);

    /// <param name="elapsed">How long it took.</param>
    /// <param name="error">Why there was no answer; null when there was one.</param>
    public static void Ended(TimeSpan elapsed, Exception? error)
    {
        InFlight.Add(-1);
        if (error is null)
            Duration.Record(elapsed.TotalSeconds, System);
        else
            Duration.Record(elapsed.TotalSeconds, System, new("error.type", error.GetType().FullName));
    }

    public static void Retried() => Retries.Add(1);

    public static void TimedOut() => TimeOuts.Add(1);

    public static void Reprepared() => Prepared.Add(1);

    public static void Connected()
    {
        Connects.Add(1, Ok);
        Connections.Add(1);
    }

    public static void NotConnected() => Connects.Add(1, Failed);

    public static void Disconnected() => Connections.Add(-1);
}
