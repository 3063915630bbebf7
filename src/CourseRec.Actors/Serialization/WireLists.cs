using Akka.Actor;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using MemoryPack;

namespace CourseRec.Actors.Serialization;

/// <summary><see cref="RecommendationList"/>, version 1.</summary>
/// <param name="User">The user.</param>
/// <param name="Offset">The last log record of the user that the list reflects.</param>
/// <param name="Model">The model snapshot that ranked it.</param>
/// <param name="GeneratedAt">Ticks, UTC.</param>
/// <param name="Items">Best first.</param>
[MemoryPackable]
internal readonly partial record struct WireList(
    string User,
    long Offset,
    string Model,
    long GeneratedAt,
    WireItem[] Items
) : IWire<RecommendationList, WireList>
{
    public static WireList Of(RecommendationList message) =>
        new(
            message.User,
            message.Offset,
            message.ModelVersion,
            message.GeneratedAt.UtcTicks,
            [.. message.Items.Select(WireItem.Of)]
        );

    public RecommendationList ToMessage(IActorRefProvider actors) =>
        new(
            User,
            Offset,
            Model,
            new DateTimeOffset(GeneratedAt, TimeSpan.Zero),
            [.. Items.Select(item => item.ToItem())]
        );
}

/// <summary><see cref="Recommendation"/>, version 1.</summary>
[MemoryPackable]
internal readonly partial record struct WireItem(
    string Course,
    string? Title,
    double Score,
    string ReasonKind,
    string? ReasonCourse
)
{
    public static WireItem Of(Recommendation item) =>
        new(item.Course, item.Title, item.Score, item.Reason.Kind, item.Reason.Course);

    public Recommendation ToItem() => new(Course, Title, Score, new RecommendationReason(ReasonKind, ReasonCourse));
}

/// <summary><see cref="NewList"/>, version 1.</summary>
/// <param name="List">The list.</param>
/// <param name="Mark">Which one it is.</param>
/// <param name="HasCause">Whether an event caused it.</param>
/// <param name="AcceptedAt">When the event was accepted (Unix milliseconds); 0 when none caused it.</param>
/// <param name="Trace">A W3C traceparent; null for none.</param>
[MemoryPackable]
internal readonly partial record struct WireNewList(
    WireList List,
    WireListMark Mark,
    bool HasCause,
    long AcceptedAt,
    string? Trace
) : IWire<NewList, WireNewList>
{
    public static WireNewList Of(NewList message) =>
        new(
            WireList.Of(message.List),
            WireListMark.Of(message.Mark),
            message.AcceptedAt.HasValue,
            message.AcceptedAt ?? 0,
            message.Trace
        );

    public NewList ToMessage(IActorRefProvider actors) =>
        new(List.ToMessage(actors), Mark.ToMark(), HasCause ? AcceptedAt : null, Trace);
}
