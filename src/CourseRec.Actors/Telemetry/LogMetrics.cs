using System.Diagnostics;
using System.Diagnostics.Metrics;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Telemetry;

/// <summary>
/// The instruments of the log's clients, by OpenTelemetry's conventions for messaging
/// (opentelemetry.io/docs/specs/semconv/messaging/messaging-metrics).
/// </summary>
public static class LogMetrics
{
    private static readonly Meter Meter = new("CourseRec.Log");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "messaging.client.operation.duration",
        "s",
        "Time to make a request's events durable (send), or until Kafka answered a commit, which is the proof of "
            + "membership too (commit).",
        advice: new()
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
        }
    );

    private static readonly Counter<long> Messages = Meter.CreateCounter<long>(
        "messaging.client.sent.messages",
        "{message}",
        "Events sent to the log; without error.type, they are in it."
    );

    /// <summary>Events were sent to the log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="events">How many.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="error">Why the log did not take them; null when it did.</param>
    public static void Sent(LogAddress log, int events, TimeSpan elapsed, Exception? error)
    {
        var tags = Tags(log, "send", error);
        Messages.Add(events, tags);
        tags.Add("messaging.operation.type", "send");
        Duration.Record(elapsed.TotalSeconds, tags);
    }

    /// <summary>Kafka took a commit.</summary>
    public static void Committed(LogAddress log, TimeSpan elapsed)
    {
        var tags = Tags(log, "commit", null);
        tags.Add("messaging.operation.type", "settle");
        Duration.Record(elapsed.TotalSeconds, tags);
    }

    private static TagList Tags(LogAddress log, string operation, Exception? error)
    {
        var tags = new TagList
        {
            { "messaging.system", log.System },
            { "messaging.destination.name", log.Destination },
            { "messaging.operation.name", operation },
        };
        if (error is not null)
            tags.Add("error.type", error.GetType().FullName);
        return tags;
    }
}
