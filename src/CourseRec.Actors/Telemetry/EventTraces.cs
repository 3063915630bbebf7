using System.Diagnostics;
using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Telemetry;

/// <summary>
/// The spans of an event, from its acceptance to the push that it causes: one trace, by OpenTelemetry's conventions
/// for messaging. The record in the log carries the trace (as CloudEvents does, in a field <c>traceparent</c>), so that
/// whichever node folds it goes on with it. Only what is sampled carries one; when nobody listens nothing is made.
/// </summary>
public static class EventTraces
{
    /// <summary>The name of the activity source.</summary>
    public const string SourceName = "CourseRec";

    /// <summary>
    /// Events of one request that carry its trace, at most; the request's other events are folded without a span.
    /// </summary>
    public const int MaxTracedEvents = 16;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A request's events are validated and appended to the log.</summary>
    public static Activity? StartSend(LogAddress log)
    {
        var span = Source.HasListeners()
            ? Source.StartActivity($"send {log.Destination}", ActivityKind.Producer)
            : null;
        return Describe(span, log, "send", "send");
    }

    /// <summary>What the records of a request carry: nothing, unless its span is sampled.</summary>
    public static string? Carried(Activity? send) => send is { Recorded: true } ? send.Id : null;

    /// <summary>A record of the log is folded into its user's session.</summary>
    /// <param name="log">The log.</param>
    /// <param name="sender">The trace that the record carries.</param>
    /// <param name="partition">The record's partition.</param>
    /// <param name="offset">The record's offset.</param>
    internal static Activity? StartFold(LogAddress log, string sender, int partition, long offset)
    {
        if (!ActivityContext.TryParse(sender, null, isRemote: true, out var parent))
            return null;
        var span = Source.StartActivity($"process {log.Destination}", ActivityKind.Consumer, parent);
        span?.SetTag("messaging.destination.partition.id", $"{partition}");
        span?.SetTag("messaging.kafka.offset", offset);
        return Describe(span, log, "process", "process");
    }

    /// <summary>What folding it came to.</summary>
    internal static void Folded(Activity? fold, FoldOutcome outcome) => fold?.SetTag("courserec.outcome", $"{outcome}");

    /// <summary>A user's lists are made, because an event changed the session.</summary>
    internal static Activity? StartLists(ActivityContext fold) =>
        fold == default ? null : Source.StartActivity("make lists", ActivityKind.Internal, fold);

    /// <summary>A list is sent to a watching client.</summary>
    /// <param name="cause">From <see cref="CauseId"/>, when the list was handed over.</param>
    internal static Activity? StartPush(string? cause)
    {
        if (!ActivityContext.TryParse(cause, null, isRemote: true, out var parent))
            return null;
        var span = Source.StartActivity("push lists", ActivityKind.Producer, parent);
        return span?.SetTag("messaging.system", "signalr").SetTag("messaging.operation.type", "send");
    }

    /// <summary>The sampled span of ours that is under way; default when there is none.</summary>
    public static ActivityContext Cause =>
        Activity.Current is { Recorded: true } span && ReferenceEquals(span.Source, Source) ? span.Context : default;

    /// <summary>The same, as a message carries it: a W3C traceparent; null when there is none.</summary>
    internal static string? CauseId => Cause == default ? null : Activity.Current!.Id;

    /// <summary>What a record carries, as text; null when it carries nothing.</summary>
    internal static string? Read(ReadOnlySpan<byte> traceParent) =>
        traceParent.IsEmpty || !Source.HasListeners() ? null : Encoding.ASCII.GetString(traceParent);

    private static Activity? Describe(Activity? span, LogAddress log, string operation, string type) =>
        span
            ?.SetTag("messaging.system", log.System)
            .SetTag("messaging.destination.name", log.Destination)
            .SetTag("messaging.operation.name", operation)
            .SetTag("messaging.operation.type", type);
}
