using System.Diagnostics;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Node.Push;

/// <summary>
/// One connection's lists: newest wins, at most one send in flight, offsets never go back. Whatever a slow connection
/// misses is forgotten, so that it costs one list at most.
/// </summary>
/// <param name="send">Sends one list to the connection.</param>
/// <param name="pushed">Told of every push: how long after its event was accepted (null when none caused it), in
/// milliseconds.</param>
/// <param name="failed">Told when a send fails; the connection is then on its way out.</param>
/// <param name="time">The clock.</param>
internal sealed class HubSink(
    Func<RecommendationList, Task> send,
    Action<double?> pushed,
    Action<RecommendationList, Exception> failed,
    TimeProvider time
) : IRecommendationSink
{
    private readonly Lock _posting = new();
    private RecommendationList? _newest;
    private long? _acceptedAt;
    private ActivityContext _cause;
    private long _offset = long.MinValue;
    private bool _sending;

    /// <inheritdoc/>
    public void Post(RecommendationList list, long? acceptedAt)
    {
        lock (_posting)
        {
            if (list.Offset < _offset)
                return;
            _offset = list.Offset;
            _newest = list;
            // When a list takes the place of one that was not sent, the older event has waited longer.
            _acceptedAt = _acceptedAt is { } waiting && !(acceptedAt < waiting) ? waiting : acceptedAt;
            _cause = EventTraces.Cause is var cause && cause != default ? cause : _cause;
            if (_sending)
                return;
            _sending = true;
        }
        _ = SendAllAsync();
    }

    private async Task SendAllAsync()
    {
        // Off the poster's thread: posting never waits.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // The poster's span is none of the lists' that follow.
        if (Activity.Current is not null)
            Activity.Current = null;
        while (TryTake(out var list, out var acceptedAt, out var cause))
        {
            using var span = EventTraces.StartPush(cause);
            try
            {
                await send(list);
                pushed(
                    acceptedAt is { } at
                        ? (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at)).TotalMilliseconds
                        : null
                );
            }
            catch (Exception e)
            {
                span?.SetStatus(ActivityStatusCode.Error, e.Message);
                failed(list, e);
            }
        }
    }

    private bool TryTake(out RecommendationList list, out long? acceptedAt, out ActivityContext cause)
    {
        lock (_posting)
        {
            (list, acceptedAt, cause) = (_newest!, _acceptedAt, _cause);
            (_newest, _acceptedAt, _cause) = (null, null, default);
            _sending = list is not null;
            return _sending;
        }
    }
}
