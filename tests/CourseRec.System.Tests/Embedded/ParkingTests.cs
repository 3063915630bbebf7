using System.Net;
using CourseRec.Actors.Ports;
using CourseRec.Persistence.Sqlite;
using CourseRec.Sqlite;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Embedded;

/// <summary>
/// A user whose stored session is damaged is parked, named and put right, while the others' events flow on.
/// </summary>
public sealed class ParkingTests : IDisposable
{
    private const string User = "poisoned";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = FreePorts.One();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_poisoned_user_is_parked_over_crashes_and_in_the_end_every_event_is_applied_once()
    {
        using var giveUp = new CancellationTokenSource(Limit);
        using var stop = new CancellationTokenSource();
        await using (var healthy = await StartAsync())
        {
            await PostAsync(healthy, 0, giveUp.Token);
            await StoredAsync(healthy);
            await healthy.EndAsync(Signals.Kill);
        }
        var backup = await DamageAsync();

        CrashWriter writer;
        Task writing;
        await using (var node = await StartAsync())
        {
            writer = new CrashWriter("w", node.Url);
            writing = writer.RunAsync(stop.Token, giveUp.Token);
            await PostAsync(node, 10, giveUp.Token);
            await ParkedAsync(node);
            Assert.NotEmpty(node.LinesWith($"user {User} is parked from version 1/"));
            await node.EndAsync(Signals.Kill);
        }
        await using (var node = await StartAsync())
        {
            await PostAsync(node, 20, giveUp.Token);
            await stop.CancelAsync();
            await writing;
            await CrashWriter.AssertSessionsAsync(node.Url, [writer]);
            await ParkedAsync(node);
            var listed = await Courserec.RunAsync("session", "parked", "--url", $"{node.Url}");
            Assert.Contains($"{User}: partition ", listed.Output);
            Assert.Contains("the stored session can't be read: the checksum does not match", listed.Output);
            Mend(backup);
            await Courserec.SucceedAsync("session", "unpark", User, "--data-dir", _folder.Path);
            using var client = new NodeClient(node.Url);
            await Eventually.BecomesAsync(
                () => client.TrySessionAsync(User),
                session => session?.Applied == 10,
                "the user is not parked any more"
            );
            await PostAsync(node, 30, giveUp.Token);
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        }
        await AssertReplayedAsync("20 sent in again, 0 in the log already");
        await AssertReplayedAsync("0 sent in again, 20 in the log already");
        await using (var node = await StartAsync())
        {
            using var client = new NodeClient(node.Url);
            var session = await Eventually.BecomesAsync(
                () => client.TrySessionAsync(User),
                session => session?.Applied == 40,
                "everything is applied"
            );
            Assert.Equal(Enumerable.Range(0, 40).Select(i => $"c{i}"), session!.History.Select(entry => entry.Course));
            await StoredAsync(node);
            Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        }
        var verified = await Courserec.VerifyAsync(_folder.Path);
        Assert.Contains($"{writer.Users.Count + 1:N0} users compared, 0 differ, 0 older than the log", verified);
    }

    private Task<NodeProcess> StartAsync() =>
        NodeProcess.StartAsync(_folder.Path, _port, "--no-simulation", "--no-training");

    private static async Task PostAsync(NodeProcess node, int from, CancellationToken giveUp)
    {
        using var client = new NodeClient(node.Url);
        var events = Enumerable
            .Range(from, 10)
            .Select(i => new TestEvent($"{User}-{i}", User, $"c{i}", "enroll", Start.AddSeconds(i)));
        await client.PostAsync([.. events], giveUp);
    }

    private static async Task StoredAsync(NodeProcess node)
    {
        using var client = new NodeClient(node.Url);
        await Eventually.BecomesAsync(client.UnstoredAsync, unstored => unstored == 0, "everything is stored");
    }

    private static async Task ParkedAsync(NodeProcess node)
    {
        using var http = new HttpClient { BaseAddress = node.Url };
        var answer = await Eventually.BecomesAsync(
            async () =>
            {
                using var response = await http.GetAsync($"v1/users/{User}");
                return (response.StatusCode, Body: await response.Content.ReadAsStringAsync());
            },
            answer => answer.StatusCode == HttpStatusCode.Conflict,
            "the user is parked"
        );
        Assert.Contains("courserec session unpark", answer.Body);
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains(metrics.Split('\n'), line => line.StartsWith("courserec_shard_parked{") && line.EndsWith(" 1"));
    }

    private async Task AssertReplayedAsync(string outcome)
    {
        var replayed = await Courserec.SucceedAsync("dead-letters", "replay", "--data-dir", _folder.Path);
        Assert.Contains(outcome, replayed);
    }

    private async Task<StoredSession> DamageAsync()
    {
        StoredSession stored;
        await using (var store = SqliteSessionStore.Open(new() { Path = _folder.File("sessions.db") }))
            stored = (await store.LoadSessionsAsync([User], default))[0]!;
        var damaged = stored.Blob.ToArray();
        damaged[damaged.Length / 2] ^= 0x55;
        Mend(stored with { Blob = damaged });
        return stored;
    }

    private void Mend(StoredSession session)
    {
        var format = new SqliteFormat("a CourseRec session store", 0x43525353, 3, "");
        using var connection = SqliteFile.Open(_folder.File("sessions.db"), format).Connect(SqliteDurability.Full);
        var changed = connection.Run(
            "UPDATE session SET version = @version, blob = @blob WHERE user = @user",
            ("@version", session.Version.Value),
            ("@blob", session.Blob.ToArray()),
            ("@user", session.User)
        );
        Assert.Equal(1, changed);
    }
}
