using CourseRec.Actors.Push;
using CourseRec.Actors.Recommendations;
using CourseRec.Node.Hosting;
using CourseRec.Node.Operations;
using Microsoft.AspNetCore.SignalR;

namespace CourseRec.Node.Push;

/// <summary>A SignalR connection, as lists are sent to it.</summary>
internal sealed class HubChannel(ISingleClientProxy client, PushWindow window, NodeMetrics metrics, ILogger logger)
    : IPushChannel
{
    private const string Method = "Recommendations";

    public Task SendAsync(RecommendationList list) => client.SendAsync(Method, list);

    public void Pushed(double? milliseconds)
    {
        metrics.Pushed(milliseconds);
        if (milliseconds is { } latency)
            window.Add(latency);
    }

    public void Failed(RecommendationList list, Exception reason) =>
        NodeLog.PushFailed(logger, list.User, reason.Message);
}
