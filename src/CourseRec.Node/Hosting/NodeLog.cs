namespace CourseRec.Node.Hosting;

/// <summary>What the node logs.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(LogLevel.Information, "CourseRec is at {Url}, its data in {DataDir}")]
    public static partial void Started(ILogger logger, string url, string dataDir);

    [LoggerMessage(
        LogLevel.Warning,
        "The session store can't be used yet, so the node is live but not ready: {Problem} It goes on by itself"
    )]
    public static partial void StoreAway(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "The session store is there, after {Attempts} attempts")]
    public static partial void StoreBack(ILogger logger, int attempts);

    [LoggerMessage(
        LogLevel.Warning,
        "The log can't be used yet, so the node is live but not ready, and answers 503: {Problem} It goes on by itself"
    )]
    public static partial void LogAway(ILogger logger, string problem);

    [LoggerMessage(
        LogLevel.Critical,
        "The other nodes could not reach this one and have taken it out of the cluster: it ends, to be started again"
    )]
    public static partial void Removed(ILogger logger);

    [LoggerMessage(LogLevel.Information, "This node serves the model that node {Node} at {Url} trains")]
    public static partial void FollowsTrainer(ILogger logger, string node, Uri url);

    [LoggerMessage(
        LogLevel.Warning,
        "No trainer's model can be had, so that the last one ({Version}) serves on; it is asked for again and "
            + "again: {Problem}"
    )]
    public static partial void NoTrainer(ILogger logger, string version, string problem);

    [LoggerMessage(
        LogLevel.Error,
        "What the trainer at {Url} answered is refused, and the last model serves on: {Problem}"
    )]
    public static partial void ModelRefused(ILogger logger, Uri url, string problem);

    [LoggerMessage(
        LogLevel.Warning,
        "The model that was kept of a trainer can't be used, a new one is asked for: {Problem}"
    )]
    public static partial void KeptModelUnusable(ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "Stopped; everything accepted is on disk")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(
        LogLevel.Critical,
        "The sessions stopped, so the node stops. Start it again: what was accepted is replayed"
    )]
    public static partial void SessionsFailed(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Critical, "The sessions stopped, so the node stops: {Reason}")]
    public static partial void SessionsStopped(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed unexpectedly: please report this")]
    public static partial void RequestFailed(ILogger logger, Exception error, string method, string path);

    [LoggerMessage(LogLevel.Warning, "A push to {User} failed: {Problem}")]
    public static partial void PushFailed(ILogger logger, string user, string problem);

    [LoggerMessage(LogLevel.Information, "Simulating {Learners} learners at {Rate} events/s, seed {Seed}")]
    public static partial void Simulating(ILogger logger, int learners, double rate, int seed);

    [LoggerMessage(LogLevel.Warning, "Simulated events are held back: {Problem}")]
    public static partial void SimulationHeld(ILogger logger, string problem);
}
