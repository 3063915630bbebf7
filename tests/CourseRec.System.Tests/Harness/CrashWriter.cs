namespace CourseRec.SystemTests.Harness;

/// <summary>
/// A platform whose learners enrol, each in 50 courses of their own. Every event has an id and a course that no other
/// has, so that the history shows each of them; times lie a second apart, so that it shows their order too.
/// </summary>
internal sealed class CrashWriter(string name, Uri node, TimeSpan pause = default)
{
    private const int CoursesPerUser = 50;
    private const int UsersPerGroup = 10;
    private const int EventsPerUserAndRequest = 10;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The users whose events were all accepted.</summary>
    public List<string> Users { get; } = [];

    /// <summary>The courses of a user, in order.</summary>
    public static IEnumerable<string> CoursesOf(string user) =>
        Enumerable.Range(0, CoursesPerUser).Select(i => $"{user}-c{i}");

    /// <summary>
    /// Writes groups of users, with a pause between them, until told to stop; the last group is finished.
    /// </summary>
    public async Task RunAsync(CancellationToken stop, CancellationToken giveUp)
    {
        while (!stop.IsCancellationRequested)
        {
            await RunGroupAsync(giveUp);
            await Task.Delay(pause, TimeProvider.System, giveUp);
        }
    }

    /// <summary>Writes one group of users.</summary>
    public async Task RunGroupAsync(CancellationToken giveUp)
    {
        using var client = new NodeClient(node);
        var group = Enumerable.Range(Users.Count, UsersPerGroup).Select(i => $"{name}-u{i}").ToArray();
        for (var from = 0; from < CoursesPerUser; from += EventsPerUserAndRequest)
            await client.PostAsync(Request(group, from), giveUp);
        Users.AddRange(group);
    }

    /// <summary>Everything that the writers had accepted is applied, once and in order.</summary>
    public static async Task AssertSessionsAsync(Uri url, CrashWriter[] writers)
    {
        using var client = new NodeClient(url);
        await Eventually.BecomesAsync(client.UnstoredAsync, unstored => unstored == 0, "everything is stored");
        foreach (var user in writers.SelectMany(writer => writer.Users))
        {
            var expected = CoursesOf(user).ToArray();
            var session = await client.AppliedAsync(user, expected.Length);
            Assert.Equal(expected.Length, session.Applied);
            Assert.Equal(expected, session.History.Select(entry => entry.Course));
        }
    }

    private static TestEvent[] Request(string[] users, int first) =>
        [
            .. from i in Enumerable.Range(first, EventsPerUserAndRequest)
            from user in users
            select new TestEvent($"{user}-e{i}", user, $"{user}-c{i}", "enroll", Start.AddSeconds(i)),
        ];
}
