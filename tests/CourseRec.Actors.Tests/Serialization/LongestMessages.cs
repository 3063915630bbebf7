using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Tests.Serialization;

/// <summary>Messages as long as what they are made of may be.</summary>
internal static class LongestMessages
{
    /// <summary>The longest history that a node may be told to keep.</summary>
    public const int History = 668;

    private const int Longest = 128;
    private const int LongestTitle = 256;

    /// <summary>A list whose texts all have that letter, as often as it may stand in them.</summary>
    public static NewList List(char letter, int count) =>
        new(
            new RecommendationList(
                new(letter, Longest),
                long.MaxValue,
                new('m', Longest),
                DateTimeOffset.UnixEpoch,
                [
                    .. Enumerable.Repeat(
                        new Recommendation(
                            new(letter, Longest),
                            new(letter, LongestTitle),
                            1,
                            new("history", new(letter, Longest))
                        ),
                        count
                    ),
                ]
            ),
            ListMark.None,
            1,
            new('t', 55)
        );

    /// <summary>A session, likewise.</summary>
    public static SessionView Session(char letter, int count) =>
        new(
            new(letter, Longest),
            1,
            1,
            1,
            1,
            [
                .. Enumerable.Repeat(
                    new HistoryEntry(new(letter, Longest), InteractionType.Click, DateTimeOffset.UnixEpoch),
                    count
                ),
            ]
        );
}
