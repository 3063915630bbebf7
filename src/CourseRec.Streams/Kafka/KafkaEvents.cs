using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>What the Kafka log reports to operators.</summary>
internal static partial class KafkaEvents
{
    [LoggerMessage(
        20,
        LogLevel.Information,
        "Kafka at {Servers} is open: topic {Topic}, {Partitions} partitions, id {Id}."
    )]
    public static partial void Opened(this ILogger logger, string servers, string topic, int partitions, string id);

    [LoggerMessage(21, LogLevel.Warning, "Waiting for Kafka at {Servers}: {Problem}")]
    public static partial void Waiting(this ILogger logger, string servers, string problem);

    [LoggerMessage(
        22,
        LogLevel.Warning,
        "Kafka at {Servers} does not answer: {Problem} Consuming goes on by itself when it does."
    )]
    public static partial void Away(this ILogger logger, string servers, string problem);

    [LoggerMessage(23, LogLevel.Information, "Kafka at {Servers} answers again.")]
    public static partial void Back(this ILogger logger, string servers);

    [LoggerMessage(24, LogLevel.Information, "Partitions {Partitions} were assigned to this node.")]
    public static partial void Assigned(this ILogger logger, string partitions);

    [LoggerMessage(25, LogLevel.Information, "Partitions {Partitions} go to another node.")]
    public static partial void Revoked(this ILogger logger, string partitions);

    [LoggerMessage(
        26,
        LogLevel.Warning,
        "Partitions {Partitions} were lost: Kafka did not hear from this node for a session time-out. Nothing more "
            + "is stored of them; it joins again."
    )]
    public static partial void Lost(this ILogger logger, string partitions);

    [LoggerMessage(
        27,
        LogLevel.Warning,
        "Partition {Partition} was not drained within {Limit}: what was not stored is discarded, its next owner "
            + "reads it again."
    )]
    public static partial void Discarded(this ILogger logger, int partition, TimeSpan limit);

    [LoggerMessage(
        28,
        LogLevel.Error,
        "Partition {Partition} can't be read on from where it was: {Problem}. It is assigned anew, and what is "
            + "stored is compared with the topic."
    )]
    public static partial void OutOfRange(this ILogger logger, int partition, string problem);

    [LoggerMessage(29, LogLevel.Error, "Kafka refuses: {Problem}")]
    public static partial void Refused(this ILogger logger, string problem);

    [LoggerMessage(
        30,
        LogLevel.Error,
        "Partition {Partition} lags by {Lag} records and the topic keeps only {Kept}: soon records go before they "
            + "were folded. Add nodes, or raise the topic's retention."
    )]
    public static partial void RetentionNear(this ILogger logger, int partition, long lag, long kept);

    [LoggerMessage(31, LogLevel.Debug, "librdkafka: {Facility} {Message}")]
    public static partial void Native(this ILogger logger, string facility, string message);
}
