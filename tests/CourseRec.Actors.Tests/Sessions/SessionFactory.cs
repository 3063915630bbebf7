using CourseRec.Actors.Sessions;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Tests.Sessions;

/// <summary>Short forms for events and versions.</summary>
internal static class SessionFactory
{
    public static readonly long Start = DateTimeOffset.Parse("2026-11-20T10:00:00Z").ToUnixTimeMilliseconds();

    public static LogVersion V(long offset) => LogVersion.At(1, offset);

    public static SessionEvent Event(
        string id,
        int course,
        InteractionType type = InteractionType.Click,
        double seconds = 0,
        double value = double.NaN,
        RecordOrigin? origin = null,
        double acceptedAfter = 86_400
    ) => new(StableHash.Of(id), course, type, value, At(seconds), At(acceptedAfter), origin);

    public static bool HasTaken(this UserSession session, int course)
    {
        var taken = new List<int>();
        session.AddTakenTo(taken);
        return taken.Contains(course);
    }

    private static long At(double seconds) => Start + (long)(seconds * 1000);

    public static int[] Courses(this UserSession session) => [.. session.History.ToArray().Select(item => item.Course)];
}
