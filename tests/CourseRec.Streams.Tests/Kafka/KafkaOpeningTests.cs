using CourseRec.Actors.Ports;
using CourseRec.Streams.Kafka;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>A log that is opened behind a node that runs already.</summary>
[Collection(KafkaCollection.Name)]
public sealed class KafkaOpeningTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task It_waits_for_the_generation_and_what_is_followed_waits_for_it()
    {
        var generation = new TaskCompletionSource<int>();
        var isStoreAway = true;
        await using var log = Open(async cancel =>
            Volatile.Read(ref isStoreAway)
                ? throw new StoreUnavailableException("The store is away.")
                : await generation.Task.WaitAsync(cancel)
        );
        await using var following = Following.Start(log, 1);
        await Eventually.HoldsAsync(() => log.Problem == "The store is away.", () => log.Problem);
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() => log.AppendAsync(Record(1, "x")));
        Assert.Equal("The store is away. This node keeps trying; send it again.", refused.Message);
        Assert.Throws<LogUnavailableException>(() => log.Identity);
        Assert.Throws<LogUnavailableException>(() => log.Commit(1, 1));

        Volatile.Write(ref isStoreAway, false);
        generation.SetResult(7);
        await log.OpenedAsync(CancellationToken.None).Briefly();
        Assert.Null(log.Problem);
        Assert.Equal($"{_topics.Options.Topic}#7", log.Identity.Id);
        await log.AppendAsync(Record(1, "x"));
        await following.UntilTextAsync("x");
    }

    [Fact]
    public async Task What_opening_came_to_is_its_problem_and_what_waits_for_it_is_told()
    {
        await using var log = Open(_ => throw new InvalidDataException("The store is damaged."));
        await using var following = Following.Start(log, 1);
        await Assert.ThrowsAsync<InvalidDataException>(() => log.OpenedAsync(CancellationToken.None).Briefly());
        await Assert.ThrowsAsync<InvalidDataException>(() => following.Ended.Briefly());
        Assert.Equal("The store is damaged.", log.Problem);
    }

    [Fact]
    public async Task A_broker_that_is_away_is_its_problem_and_closing_ends_the_waiting()
    {
        var log = KafkaLog.Open(
            _topics.Options with
            {
                BootstrapServers = "127.0.0.1:1",
            },
            _ => new(1),
            TimeProvider.System,
            _topics.Logger
        );
        await Eventually.HoldsAsync(
            () => log.Problem!.StartsWith("Kafka at 127.0.0.1:1 is waited for: "),
            () => log.Problem
        );
        await log.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => log.OpenedAsync(CancellationToken.None));
    }

    private KafkaLog Open(Func<CancellationToken, ValueTask<int>> generation) =>
        KafkaLog.Open(_topics.Options, generation, TimeProvider.System, _topics.Logger);
}
