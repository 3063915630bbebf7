using System.Diagnostics.Metrics;

namespace CourseRec.Cql;

/// <summary>The driver's instruments.</summary>
internal static class CqlMetrics
{
    private static readonly Meter Meter = new("CourseRec.Cql");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "courserec.cql.request.duration",
        "s",
        "Time from asking to the answer, waiting and retries included, by outcome."
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

    private static readonly KeyValuePair<string, object?> Ok = new("outcome", "ok");
    private static readonly KeyValuePair<string, object?> Failed = new("outcome", "failed");

    public static void Began() => InFlight.Add(1);

    public static void Ended(TimeSpan elapsed, bool ok)
    {
        InFlight.Add(-1);
        Duration.Record(elapsed.TotalSeconds, ok ? Ok : Failed);
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
