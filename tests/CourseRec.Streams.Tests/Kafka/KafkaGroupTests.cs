using Confluent.Kafka;
using CourseRec.Streams.Kafka;
using Microsoft.Extensions.Time.Testing;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>What is committed in the consumer group's name, and who else may be in it.</summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaGroupTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    private string Group => $"{_topics.Options.GroupId}-1";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task What_is_stored_is_committed_and_a_last_time_at_closing()
    {
        var log = await _topics.OpenAsync();
        await log.AppendAsync(Numbered(2, 10));
        log.Commit(2, 4);
        using var display = Outsider();
        await UntilCommittedAsync(display, 4);
        log.Commit(2, 7);
        await log.DisposeAsync();
        await UntilCommittedAsync(display, 7);
        Assert.DoesNotContain(_topics.Logger.Messages, m => m.StartsWith("What is stored is not committed"));
    }

    [Fact]
    public async Task A_group_that_has_members_is_refused_until_they_are_gone()
    {
        var first = await _topics.OpenAsync();
        await first.AppendAsync(Numbered(0, 4));
        first.Commit(0, 3);
        await first.DisposeAsync();
        using (var member = Outsider())
        {
            await JoinAsync(member);
            var refused = await Assert.ThrowsAsync<KafkaSettingsException>(() => _topics.OpenAsync());
            Assert.Equal(
                $"Kafka's consumer group {Group} has members: stop the nodes or consumers that use it, or choose "
                    + "another Kafka:GroupId.",
                refused.Message
            );
            member.Close();
        }
        Assert.Null((await _topics.OpenAsync()).Problem);
    }

    [Fact]
    public async Task Members_that_come_later_keep_commits_from_lag_displays_and_from_nothing_else()
    {
        var log = await _topics.OpenAsync();
        await using var following = Following.Start(log, 2);
        using (var member = Outsider())
        {
            await JoinAsync(member);
            await log.AppendAsync(Numbered(2, 3));
            log.Commit(2, 3);
            await Eventually.HoldsAsync(
                () => _topics.Logger.Contains("What is stored is not committed to Kafka's group"),
                () => string.Join('\n', _topics.Logger.Messages)
            );
            await following.UntilCountAsync(3);
            member.Close();
        }
        using var display = Outsider();
        await UntilCommittedAsync(display, 3);
        Assert.Single(_topics.Logger.Messages, m => m.Contains("has members"));
    }

    [Fact]
    public async Task Commits_of_quiet_partitions_are_renewed_by_who_follows_them()
    {
        var time = new FakeTimeProvider();
        var opening = KafkaLog.OpenAsync(_topics.Options, time, _topics.Logger, CancellationToken.None);
        await TickUntilAsync(time, () => opening.IsCompleted);
        await using var log = await opening;
        await using var following = Following.Start(log, 2);
        await TickUntilAsync(time, () => log.Followed.Count == 1);
        log.Commit(1, 4);
        log.Commit(2, 4);
        using var display = Outsider();
        await TickUntilAsync(time, () => CommittedTo(display, 1) == 4 && CommittedTo(display, 2) == 4);
        display.Commit([new(new(_topics.Options.Topic, 1), 9), new(new(_topics.Options.Topic, 2), 9)]);
        time.Advance(TimeSpan.FromHours(1));
        await TickUntilAsync(time, () => CommittedTo(display, 2) == 4);
        Assert.Equal(9, CommittedTo(display, 1));
    }

    private static Task TickUntilAsync(FakeTimeProvider time, Func<bool> condition) =>
        Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return condition();
            },
            () => "it did not come about"
        );

    private IConsumer<byte[], byte[]> Outsider()
    {
        var settings = new Dictionary<string, string>(_topics.Options.Client)
        {
            ["bootstrap.servers"] = _topics.Options.BootstrapServers,
            ["group.id"] = Group,
            ["session.timeout.ms"] = "6000",
            ["enable.auto.commit"] = "false",
        };
        return new ConsumerBuilder<byte[], byte[]>(settings).Build();
    }

    private async Task JoinAsync(IConsumer<byte[], byte[]> member)
    {
        member.Subscribe(_topics.Options.Topic);
        await Eventually.HoldsAsync(
            () =>
            {
                member.Consume(TimeSpan.FromMilliseconds(20));
                return member.Assignment.Count == 4;
            },
            () => $"{member.Assignment.Count} assigned"
        );
    }

    private Task UntilCommittedAsync(IConsumer<byte[], byte[]> display, long offset) =>
        Eventually.HoldsAsync(
            () => CommittedTo(display, 2) == offset,
            () => $"{CommittedTo(display, 2)}, wanted {offset}"
        );

    private long CommittedTo(IConsumer<byte[], byte[]> display, int partition) =>
        display.Committed([new(_topics.Options.Topic, partition)], TimeSpan.FromSeconds(10))[0].Offset.Value;
}
