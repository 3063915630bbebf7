using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>Learners who do something five times a second each, so that their lists change all the time.</summary>
internal sealed class Pulse(Uri node, string[] users) : Posting(node, BeatsOf(users))
{
    private const int Courses = 40;

    private static Func<int, TestEvent[]> BeatsOf(string[] users)
    {
        var life = Guid.NewGuid().ToString("n");
        return beat =>
            [
                .. users.Select(user => new TestEvent(
                    $"{life}-{user}-{beat}",
                    user,
                    $"c{beat % Courses}",
                    "click",
                    TimeProvider.System.GetUtcNow()
                )),
            ];
    }
}
