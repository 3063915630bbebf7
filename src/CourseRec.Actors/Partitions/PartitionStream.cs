using Akka;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The stream that brings a partition its records: the next batch comes when the one before was answered with
/// <see cref="StreamGoesOn"/>.
/// </summary>
internal static class PartitionStream
{
    /// <summary>Starts it; it ends with the actor at the latest.</summary>
    public static UniqueKillSwitch Start(
        Source<ReadOnlyMemory<LogRecord>, NotUsed> records,
        IActorContext context,
        IActorRef partition
    ) =>
        records
            .ViaMaterialized(KillSwitches.Single<ReadOnlyMemory<LogRecord>>(), Keep.Right)
            .ToMaterialized(
                Sink.ActorRefWithAck<ReadOnlyMemory<LogRecord>>(
                    partition,
                    StreamBegins.It,
                    StreamGoesOn.It,
                    StreamEnded.It,
                    reason => new Failed(reason)
                ),
                Keep.Left
            )
            .Run(context.Materializer());
}

/// <summary>The stream waits for the first demand.</summary>
internal sealed record StreamBegins
{
    public static StreamBegins It { get; } = new();
}

/// <summary>There is room for more records.</summary>
internal sealed record StreamGoesOn
{
    public static StreamGoesOn It { get; } = new();
}

/// <summary>The stream was shut down.</summary>
internal sealed record StreamEnded
{
    public static StreamEnded It { get; } = new();
}

/// <summary>Something that a partition needs has failed.</summary>
/// <param name="Reason">Why.</param>
internal sealed record Failed(Exception Reason);
