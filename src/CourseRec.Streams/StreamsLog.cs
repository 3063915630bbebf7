using Microsoft.Extensions.Logging;

namespace CourseRec.Streams;

/// <summary>What the logs report to operators.</summary>
internal static partial class StreamsLog
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "The log {Path} is open: {Partitions} partitions, {Records} records, id {Id}."
    )]
    public static partial void Opened(this ILogger logger, string path, int partitions, long records, string id);

    [LoggerMessage(2, LogLevel.Error, "Nothing can be appended: {Reason} Appends are refused until it works again.")]
    public static partial void AppendsFail(this ILogger logger, string reason, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "Appending to {Path} works again.")]
    public static partial void AppendsWorkAgain(this ILogger logger, string path);

    [LoggerMessage(
        5,
        LogLevel.Error,
        "Partition {Partition} can't be read: {Reason} Reading is tried again in {Delay}."
    )]
    public static partial void PartitionUnreadable(
        this ILogger logger,
        int partition,
        string reason,
        TimeSpan delay,
        Exception exception
    );

    [LoggerMessage(
        6,
        LogLevel.Debug,
        "Partition {Partition} was trimmed to begin at {First}; {Bytes} bytes of records are left."
    )]
    public static partial void Trimmed(this ILogger logger, int partition, long first, long bytes);

    [LoggerMessage(7, LogLevel.Error, "The log can't be trimmed: {Reason} It is tried again at the next turn.")]
    public static partial void TrimFailed(this ILogger logger, string reason, Exception exception);
}
