using System.Threading.RateLimiting;
using CourseRec.Node.Http;
using CourseRec.Node.Options;

namespace CourseRec.Node.Push;

/// <summary>
/// New connections are taken at a bounded rate, so that many that move at once are no stampede: beyond it they wait,
/// then are answered 503.
/// </summary>
internal sealed class HubAdmission : IMiddleware, IAsyncDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private readonly TokenBucketRateLimiter _turns;

    public HubAdmission(NodeOptions options)
    {
        var perSecond = options.Cluster.ConnectionsPerSecond;
        _turns = new(
            new()
            {
                TokenLimit = perSecond,
                TokensPerPeriod = (int)Math.Ceiling(perSecond * Turn.TotalSeconds),
                ReplenishmentPeriod = Turn,
                QueueLimit = (int)
                    Math.Min(int.MaxValue, perSecond * Math.Ceiling(options.Cluster.WaitForOwner.TotalSeconds)),
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );
    }

    /// <summary>Connections that wait for their turn now.</summary>
    public long Waiting => _turns.GetStatistics()?.CurrentQueuedCount ?? 0;

    /// <summary>Connections that were answered 503, ever.</summary>
    public long Refused => _turns.GetStatistics()?.TotalFailedLeases ?? 0;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        using var turn = await _turns.AcquireAsync(1, context.RequestAborted);
        if (!turn.IsAcquired)
            throw new ProblemException(
                StatusCodes.Status503ServiceUnavailable,
                "Too many connect at once; connect again later."
            );
        await next(context);
    }

    public ValueTask DisposeAsync() => _turns.DisposeAsync();
}
