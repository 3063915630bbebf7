using CourseRec.Actors;
using CourseRec.Streams.Kafka;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>Other people's producers.</summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaPartnerTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private static readonly string[] Users =
    [
        .. Enumerable.Range(0, 500).Select(i => $"user-{i}"),
        "a",
        "ab",
        "abc",
        "abcd",
        "Łukasz Żółć",
        "学习者",
        "🎓🎓",
        new('x', 128),
    ];

    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task Javas_producer_puts_every_user_where_ours_does()
    {
        var log = await _topics.OpenAsync();
        await kafka.Broker.ProduceAsync(
            _topics.Options.Topic,
            Users.Select(user => $"{user}|{Event(user)}"),
            withKeys: true
        );
        var found = await ReadAllAsync(log);
        Assert.Equal(Users.Select(Event).Order(), found.Select(f => f.Value).Order());
        var partitions = log.Identity.Partitions;
        Assert.All(Users, user => Assert.Contains((Partitioner.PartitionOf(user, partitions), Event(user)), found));
    }

    [Fact]
    public async Task What_kcat_produces_is_followed_and_counts_as_accepted_when_it_happened()
    {
        var log = await _topics.OpenAsync();
        var all = Enumerable.Range(0, log.Identity.Partitions).Select(p => Following.Start(log, p)).ToArray();
        await KcatAsync(Users.Select(user => $"{user}|{Event(user)}"));
        await Eventually.HoldsAsync(
            () => all.Sum(following => following.Records.Count) == Users.Length,
            () => string.Join(", ", all.Select(following => following.Records.Count))
        );
        var records = all.SelectMany(following => following.Records).ToArray();
        Assert.Equal(Users.Select(Event).Order(), records.Select(record => record.Text()).Order());
        var happened = DateTimeOffset.Parse("2026-11-20T10:00:00Z").ToUnixTimeMilliseconds();
        Assert.All(records, record => Assert.Equal(happened, record.AcceptedAt));
        foreach (var following in all)
            await following.DisposeAsync();
    }

    private static string Event(string user) =>
        $$"""{"id":"e-{{user}}","user":"{{user}}","course":"c1","type":"click","time":"2026-11-20T10:00:00Z"}""";

    private static async Task<List<(int Partition, string Value)>> ReadAllAsync(KafkaLog log)
    {
        var found = new List<(int, string)>();
        for (var partition = 0; partition < log.Identity.Partitions; partition++)
            found.AddRange((await log.ReadTextsAsync(partition)).Select(text => (partition, text)));
        return found;
    }

    private Task KcatAsync(IEnumerable<string> lines)
    {
        string[] arguments =
        [
            "-P",
            "-b",
            kafka.Broker.Address,
            "-t",
            _topics.Options.Topic,
            "-K",
            "|",
            .. kafka.Broker.ClientSettings.SelectMany(s => new[] { "-X", $"{s.Key}={s.Value}" }),
        ];
        return Subprocess.SucceedAsync(new("kcat", arguments), string.Join('\n', lines) + "\n");
    }
}
