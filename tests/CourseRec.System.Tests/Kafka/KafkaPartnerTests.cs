using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Kafka;

/// <summary>
/// A partner's platform, played by Java's console producer, writes to the topic itself: good records, bad ones,
/// misplaced ones.
/// </summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaPartnerTests(SharedKafkaBroker shared) : IDisposable
{
    private const int Users = 20;
    private const int EventsPerUser = 30;
    private readonly KafkaBroker _broker = shared.Broker;
    private readonly KafkaTopics _topics = new(shared.Broker);
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Bad_records_between_good_ones_are_put_aside_and_replayed_when_corrected()
    {
        await using var node = await StartNodeAsync();
        using var client = new NodeClient(node.Url);
        var lines = Events("keyed").SelectMany((line, i) => i % 10 == 0 ? [Bad(i), line] : new[] { line });
        await _broker.ProduceAsync(_topics.Interactions, lines, withKeys: true);
        await AppliedAsync(node, client, "keyed", EventsPerUser);

        await Eventually.BecomesAsync(client.UnstoredAsync, unstored => unstored == 0, "everything is stored");

        var listed = await RunAsync("list", "--json");
        var letters = listed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Users * EventsPerUser / 10, letters.Length);
        Assert.All(letters, letter => Assert.Contains("\"reason\":", letter, StringComparison.Ordinal));

        var file = _folder.File("corrected.jsonl");
        await File.WriteAllLinesAsync(
            file,
            letters.Select(letter => letter.Replace("klick", "click", StringComparison.Ordinal))
        );
        Assert.StartsWith(
            "60 sent in again, 0 in the log already, 0 still",
            await RunAsync("replay", "--from", file),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "0 sent in again, 60 in the log already, 0 still",
            await RunAsync("replay", "--from", file),
            StringComparison.Ordinal
        );
        await Eventually.BecomesAsync(
            async () => (await client.SessionAsync("corrected"))!.Applied,
            applied => applied == letters.Length,
            "the corrected records are applied once"
        );
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        await _topics.VerifyAsync(_folder.Path);
    }

    [Fact]
    public async Task Records_without_a_key_reach_their_users_once_and_their_source_is_named()
    {
        await using var node = await StartNodeAsync();
        using var client = new NodeClient(node.Url);
        await _broker.ProduceAsync(
            _topics.Interactions,
            Events("keyless").Select(line => line[(line.IndexOf('|', StringComparison.Ordinal) + 1)..]),
            withKeys: false
        );
        await AppliedAsync(node, client, "keyless", EventsPerUser);
        await Eventually.BecomesAsync(
            () => Task.FromResult(node.LinesWith("of partner-x").Length),
            lines => lines > 0,
            "the source of the misrouted records is named in the log"
        );
        var misrouted = (await client.GetAsync("v1/live")).GetProperty("kafka").GetProperty("misrouted").GetInt64();
        Assert.InRange(misrouted, 1, Users * EventsPerUser);
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));
        await _topics.VerifyAsync(_folder.Path);
    }

    [Fact]
    public async Task Every_changed_user_gets_a_new_list_in_the_recommendations_topic()
    {
        await using var node = await StartNodeAsync("--set", $"Kafka:RecommendationsTopic={_topics.Recommendations}");
        using var client = new NodeClient(node.Url);
        await _broker.ProduceAsync(_topics.Interactions, Events("listed"), withKeys: true);
        await AppliedAsync(node, client, "listed", EventsPerUser);
        await client.PostAsync(
            [new("last", "somebody", "listed-0-c1", "click", DateTimeOffset.UnixEpoch.AddYears(50))],
            default
        );
        await Eventually.BecomesAsync(
            () => client.SessionAsync("somebody"),
            session => session!.Applied == 1,
            "the last event is applied"
        );
        Assert.Equal(0, await node.EndAsync(Signals.Terminate));

        var written = await _broker.ToolAsync(
            "kafka.tools.ConsoleConsumer",
            "--zookeeper",
            _broker.ZooKeeper,
            "--topic",
            _topics.Recommendations,
            "--from-beginning",
            "--property",
            "print.key=true",
            "--timeout-ms",
            "2000"
        );
        var users = written
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t')[0])
            .ToHashSet();
        Assert.Equal(UserNames("listed").Append("somebody").Order(), users.Order());
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> UserNames(string name) => Enumerable.Range(0, Users).Select(i => $"{name}-{i}");

    private static IEnumerable<string> Events(string name) =>
        from i in Enumerable.Range(0, EventsPerUser)
        from user in UserNames(name)
        select $$"""{{user}}|{"id":"{{user}}-e{{i}}","user":"{{user}}","course":"{{user}}-c{{i}}","type":"enroll","time":"{{Time(i)}}","source":"partner-x"}""";

    private static string Bad(int i) =>
        $$"""corrected|{"id":"bad-{{i}}","user":"corrected","course":"c{{i}}","type":"klick","time":"{{Time(i)}}"}""";

    private static string Time(int second) =>
        new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            .AddSeconds(second)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static Task AppliedAsync(NodeProcess node, NodeClient client, string name, int events) =>
        Task.WhenAll(
            UserNames(name)
                .Select(user =>
                    Eventually.BecomesAsync(
                        async () => ((await client.TrySessionAsync(user))?.Applied ?? 0, node.Output),
                        state => state.Item1 >= events,
                        $"every event of {user} is applied"
                    )
                )
        );

    private Task<NodeProcess> StartNodeAsync(params string[] flags) =>
        _topics.StartNodeAsync(_folder.Path, FreePorts.One(), flags);

    private Task<string> RunAsync(params string[] arguments) =>
        Courserec.SucceedAsync(["dead-letters", .. arguments, .. _topics.Flags]);
}
