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
        "Kafka at {Servers} does not answer: {Problem} Reading goes on by itself when it does."
    )]
    public static partial void Away(this ILogger logger, string servers, string problem);

    [LoggerMessage(23, LogLevel.Information, "Kafka at {Servers} answers again.")]
    public static partial void Back(this ILogger logger, string servers);

    [LoggerMessage(
        24,
        LogLevel.Warning,
        "What is stored is not committed to Kafka's group {Group}, so that lag displays stand still: {Problem} It is "
            + "tried again; nothing else waits for it."
    )]
    public static partial void CommitsFail(this ILogger logger, string group, string problem);

    [LoggerMessage(25, LogLevel.Critical, "Kafka is read no more: {Problem} Start this node again.")]
    public static partial void FetchEnded(this ILogger logger, string problem, Exception exception);

    [LoggerMessage(
        26,
        LogLevel.Warning,
        "Nothing more comes of {Stuck} partitions, as of {Partition} after offset {Offset}, though the topic goes up "
            + "to {End}: reading goes on with a new client."
    )]
    public static partial void Stuck(this ILogger logger, int stuck, int partition, long offset, long end);

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
