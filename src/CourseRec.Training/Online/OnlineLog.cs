using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Online;

/// <summary>What online learning tells the operator.</summary>
internal static partial class OnlineLog
{
    [LoggerMessage(300, LogLevel.Information, "Learning goes on from model {Version} with {Courses} courses")]
    public static partial void Resumed(ILogger logger, string version, int courses);

    [LoggerMessage(301, LogLevel.Information, "Learning begins from nothing")]
    public static partial void FromNothing(ILogger logger);

    [LoggerMessage(302, LogLevel.Warning, "This node does not learn: {Problem}")]
    public static partial void Unavailable(ILogger logger, string problem);

    [LoggerMessage(303, LogLevel.Warning, "Model {Version} was refused and {Serving} stays: {Refusal}")]
    public static partial void Refused(ILogger logger, string version, string serving, string refusal);

    [LoggerMessage(
        304,
        LogLevel.Warning,
        "Learning went back to model {Version} at {Scale:0.####} of its rate: {Reason}"
    )]
    public static partial void RolledBack(ILogger logger, string version, double scale, string reason);

    [LoggerMessage(
        305,
        LogLevel.Information,
        "On {Sequences} old held-out sequences model {Version} ranks worse than the frozen {Frozen} by {Change:0.0%}"
    )]
    public static partial void Forgetting(ILogger logger, int sequences, string version, double change, string frozen);

    [LoggerMessage(306, LogLevel.Error, "Learning stopped, the last model goes on serving: {Problem}")]
    public static partial void Stopped(ILogger logger, string problem, Exception reason);

    [LoggerMessage(307, LogLevel.Error, "The checkpoint in {Folder} was not written, learning goes on: {Problem}")]
    public static partial void NotSaved(ILogger logger, string folder, string problem);
}
