using CourseRec.Node.Hosting;
using CourseRec.Node.Operations;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Node.Push;

/// <summary>Makes connections' sinks, and counts what they push.</summary>
internal sealed class HubSinks(PushWindow window, NodeMetrics metrics, TimeProvider time, ILogger<HubSinks> logger)
{
    private const string Method = "Recommendations";

    public HubSink For(ISingleClientProxy client) =>
        new(
            list => client.SendAsync(Method, list),
            Pushed,
            (list, error) => NodeLog.PushFailed(logger, list.User, error.Message),
            time
        );

    private void Pushed(double? milliseconds)
    {
        metrics.Pushed(milliseconds);
        if (milliseconds is { } latency)
            window.Add(latency);
    }
}
