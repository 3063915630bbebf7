using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Hosting;
using CourseRec.Actors.Tests.Push;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// The guarantees in whatever order the actors have their turns, with users that come and go in memory all the time,
/// and crashes in between.
/// </summary>
public sealed class PermutedMessagesTests : IDisposable
{
    private const int Lives = 4;
    private const int Rounds = 25;
    private const int HistoryLength = 50;
    private static readonly string[] Users = [.. Enumerable.Range(0, 20).Select(i => $"u{i}")];
    private static readonly SessionHostOptions Options = new()
    {
        MaxActiveUsers = 3,
        MaxResidentSessions = 8,
        MailboxRecords = 20,
        MaxUnstoredRecords = 60,
        FlushInterval = TimeSpan.FromMilliseconds(1),
        RefreshInterval = TimeSpan.FromMilliseconds(50),
    };
    private readonly DataFolder _folder = new();
    private readonly Dictionary<string, List<string>> _courses = Users.ToDictionary(
        user => user,
        _ => new List<string>()
    );
    private readonly Dictionary<string, long> _seen = Users.ToDictionary(user => user, _ => LogVersion.None.Value);

    public static TheoryData<int> Seeds => [1, 2, Environment.ProcessId]; // the last one nobody chose

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Nothing_is_lost_or_doubled_and_nobody_sees_what_is_older_than_what_they_saw(int seed)
    {
        var random = new Random(seed);
        var client = new TestChannel();
        for (var life = 0; life < Lives; life++)
        {
            await using var pipeline = Pipeline.Open(_folder, Options, actors: PermutingThread.Of(seed + life));
            await pipeline.Host.StartAsync(CancellationToken.None);
            using var connection = await pipeline.Host.ConnectAsync(Users[0], client);
            await connection.SubscribeAsync(3, CancellationToken.None);
            for (var round = 0; round < Rounds; round++)
            {
                var written = await WriteAsync(pipeline, random);
                if (random.Next(3) == 0)
                    await LookAsync(pipeline, Users[random.Next(Users.Length)], written);
                if (random.Next(8) == 0)
                    await Task.WhenAll(Users.Select(user => LookAsync(pipeline, user, null)));
            }
            await pipeline.CrashAsync();
        }

        await using var last = await Pipeline.StartAsync(_folder, Options);
        await last.SettleAsync();
        foreach (var user in Users)
        {
            Assert.Equal(_courses[user].Count, (await LookAsync(last, user, null)).Applied);
            Assert.Equal(_courses[user].TakeLast(HistoryLength), await last.HistoryAsync(user));
        }
        Assert.Equal(client.Lists.Select(list => list.Offset).Order(), client.Lists.Select(list => list.Offset));
        Assert.NotEmpty(client.Lists);
    }

    /// <summary>Some events of some users. Answers where they are in the log.</summary>
    private async Task<IReadOnlyList<PartitionEnd>> WriteAsync(Pipeline pipeline, Random random)
    {
        var events = new List<NewRecord>();
        for (var left = random.Next(1, 40); left > 0; left--)
        {
            var user = Users[random.Next(Users.Length)];
            var (courses, number) = (_courses[user], _courses[user].Count);
            courses.Add($"c{number}");
            events.Add(
                new TestEvent($"{user}-{number}", user, courses[^1], Seconds: number).ToRecord(
                    pipeline.Log.Identity.Partitions
                )
            );
        }
        return await pipeline.Log.AppendAsync(events, CancellationToken.None);
    }

    /// <summary>A user's session, no older than when somebody last looked; with what was written, if that is
    /// told.</summary>
    private async Task<SessionView> LookAsync(Pipeline pipeline, string user, IReadOnlyList<PartitionEnd>? written)
    {
        var after = pipeline
            .Host.VersionsOf(written ?? [])
            .Where(version => version.Partition == pipeline.Host.PartitionOf(user))
            .Select(version => new LogVersion(version.Version))
            .SingleOrDefault(LogVersion.None);
        var session = await pipeline.Host.GetSessionAsync(user, after, CancellationToken.None);
        Assert.InRange(session.Version, _seen[user], long.MaxValue);
        _seen[user] = session.Version;
        Assert.InRange(session.Applied, after == LogVersion.None ? 0 : _courses[user].Count, _courses[user].Count);
        return session;
    }
}
