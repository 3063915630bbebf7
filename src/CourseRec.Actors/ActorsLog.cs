using Microsoft.Extensions.Logging;

namespace CourseRec.Actors;

/// <summary>What the partitions tell the operator.</summary>
internal static partial class ActorsLog
{
    [LoggerMessage(
        100,
        LogLevel.Information,
        "Partition {Partition} assigned: reading from offset {From}, the log holds {First} to {End}"
    )]
    public static partial void PartitionAssigned(ILogger logger, int partition, long from, long first, long end);

    [LoggerMessage(101, LogLevel.Error, "Partition {Partition} stopped: {Reason}")]
    public static partial void PartitionStopped(ILogger logger, int partition, string reason);

    [LoggerMessage(
        102,
        LogLevel.Error,
        "Partition {Partition} failed and stopped; restart the node to go on from its checkpoint"
    )]
    public static partial void PartitionFailed(ILogger logger, int partition, Exception reason);

    [LoggerMessage(
        103,
        LogLevel.Warning,
        "Partition {Partition} goes to another node, and was not stored within {Patience}: what is not stored is "
            + "dropped here, and read from the log there"
    )]
    public static partial void PartitionDiscards(ILogger logger, int partition, TimeSpan patience);

    [LoggerMessage(104, LogLevel.Warning, "Partition {Partition} waits: {Reason} It tries again until it works")]
    public static partial void StoreAway(ILogger logger, int partition, string reason);

    [LoggerMessage(105, LogLevel.Information, "Partition {Partition} goes on, after {Attempts} attempts")]
    public static partial void StoreBack(ILogger logger, int partition, int attempts);

    [LoggerMessage(
        106,
        LogLevel.Information,
        "The session store is new: pinned to log {Log}, {Partitions} partitions, generation {Generation}"
    )]
    public static partial void StorePinned(ILogger logger, string log, int partitions, int generation);

    [LoggerMessage(
        110,
        LogLevel.Warning,
        "What other nodes' partitions count can't be read, so that lists rank by what was read last; it is tried "
            + "again: {Problem}"
    )]
    public static partial void CountersAway(ILogger logger, string problem);

    [LoggerMessage(111, LogLevel.Information, "What other nodes' partitions count is read again")]
    public static partial void CountersBack(ILogger logger);

    [LoggerMessage(
        112,
        LogLevel.Error,
        "What partition {Partition} counted elsewhere can't be used, so that lists rank by what was read before: "
            + "{Problem}"
    )]
    public static partial void CountersUnusable(ILogger logger, int partition, string problem);

    [LoggerMessage(
        113,
        LogLevel.Error,
        "Partition {Partition}: user {User} is parked from version {Version} on, and the others flow on: {Reason}. "
            + "The user's records are put among the dead letters; when the cause is mended, courserec session "
            + "unpark, then dead-letters replay"
    )]
    public static partial void UserParked(
        ILogger logger,
        int partition,
        string user,
        LogVersion version,
        string reason
    );

    [LoggerMessage(
        114,
        LogLevel.Information,
        "Partition {Partition}: user {User} is not parked any more, from version {Version} on"
    )]
    public static partial void UserReleased(ILogger logger, int partition, string user, LogVersion version);

    [LoggerMessage(108, LogLevel.Error, "Partition {Partition}: a question could not be answered")]
    public static partial void QuestionFailed(ILogger logger, int partition, Exception reason);

    [LoggerMessage(
        109,
        LogLevel.Warning,
        "Partition {Partition} got records that belong to other partitions, by source: {Sources}. They are "
            + "forwarded; let these producers use the user as key and murmur2, Java's default (librdkafka: "
            + "partitioner=murmur2_random)"
    )]
    public static partial void Misrouted(ILogger logger, int partition, string sources);

    [LoggerMessage(107, LogLevel.Warning, "{Finding}")]
    public static partial void Setting(ILogger logger, string finding);
}
