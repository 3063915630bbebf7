using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// New learners all the time, who take twelve courses one after another, of forty: something to learn from.
/// </summary>
internal sealed class Learners : Posting
{
    /// <summary>Events that every user has.</summary>
    public const int Events = 12;

    private const int Courses = 40;
    private readonly string _life;

    public Learners(Uri node)
        : this(node, Guid.NewGuid().ToString("n")[..8]) { }

    private Learners(Uri node, string life)
        : base(node, user => EventsOf(user, UserOf(life, user))) => _life = life;

    /// <summary>The last user whose events were all accepted.</summary>
    public string Latest => UserOf(_life, Posted - 1);

    private static string UserOf(string life, int user) => $"{life}-{user}";

    private static TestEvent[] EventsOf(int number, string user)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            .. Enumerable
                .Range(0, Events)
                .Select(i => new TestEvent($"{user}-{i}", user, $"c{(number + i) % Courses}", "enroll", now)),
        ];
    }
}
