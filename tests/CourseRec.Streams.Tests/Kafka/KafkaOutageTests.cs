using CourseRec.Actors.Ports;
using CourseRec.Streams.Kafka;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>With a broker of their own, which they stop and freeze.</summary>
public sealed class KafkaOutageTests : IAsyncLifetime
{
    private KafkaBroker _broker = null!;
    private KafkaTopics _topics = null!;

    public async Task InitializeAsync()
    {
        _broker = await KafkaBroker.StartAsync();
        _topics = new(_broker);
    }

    public async Task DisposeAsync()
    {
        await _topics.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task It_waits_for_a_broker_that_is_away_or_frozen_and_goes_on_by_itself()
    {
        var log = await _topics.OpenAsync();
        var consumer = new Recorder();
        await using var consumption = await Consumption.StartAsync(log, consumer);
        await log.AppendAsync(Numbered(0, 10));
        await consumer.UntilDeliveredAsync(10);
        await UntilProvenAsync(log);

        await _broker.StopAsync();
        await RefusedSoonAsync(log);
        await UntilUnprovenAsync(log);
        Assert.Equal(new OffsetRange(0, 10), await log.RangeAsync(0, CancellationToken.None));
        var opening = _topics.OpenAsync();
        await Eventually.HoldsAsync(
            () => _topics.Logger.Contains("Waiting for Kafka"),
            () => "it does not say that it waits"
        );
        await _broker.StartAgainAsync();
        Assert.Equal(log.Identity, (await opening).Identity);
        await AppendWhenItWorksAsync(log, "after the stop");
        await UntilDeliveredAsync(consumer, "after the stop");
        await UntilProvenAsync(log);
        Assert.True(_topics.Logger.Contains("does not answer"));
        Assert.True(_topics.Logger.Contains("answers again"));

        _broker.Freeze();
        var thaw = Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        await RefusedSoonAsync(log);
        await UntilUnprovenAsync(log);
        await thaw;
        _broker.Thaw();
        await AppendWhenItWorksAsync(log, "after the frost");
        await UntilDeliveredAsync(consumer, "after the frost");
        await UntilProvenAsync(log);
        AssertEachOnceInOrder(consumer);
    }

    /// <summary>Long before the client's own patience, five minutes, is over.</summary>
    private static async Task RefusedSoonAsync(KafkaLog log)
    {
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() =>
            log.AppendAsync(Record(0, "refused")).AsTask().Briefly()
        );
        Assert.Contains("did not take 1 of 1 records", refused.Message);
    }

    private static async Task AppendWhenItWorksAsync(KafkaLog log, string text)
    {
        for (var isAppended = false; !isAppended; )
        {
            try
            {
                await log.AppendAsync(Record(0, text)).AsTask().Briefly();
                isAppended = true;
            }
            catch (LogUnavailableException)
            {
                // Tried again.
            }
        }
    }

    /// <summary>A record that was refused may be in the topic after all, and come last.</summary>
    private static Task UntilDeliveredAsync(Recorder consumer, string text) =>
        Eventually.HoldsAsync(() => consumer.TextsOf(0).Contains(text), () => string.Join(", ", consumer.TextsOf(0)));

    private static Task UntilProvenAsync(KafkaLog log) =>
        Eventually.HoldsAsync(() => log.IsOwnershipProven(0), () => "ownership is not proven");

    private static Task UntilUnprovenAsync(KafkaLog log) =>
        Eventually.HoldsAsync(() => !log.IsOwnershipProven(0), () => "ownership is still proven");

    /// <summary>
    /// Rejoining may read again from where the recorder says, the beginning: offsets are contiguous from there.
    /// </summary>
    private static void AssertEachOnceInOrder(Recorder consumer)
    {
        var offsets = consumer.Of(0).Select(record => record.Offset).ToArray();
        var starts = offsets.Index().Where(o => o.Item == 0).Select(o => o.Index).Append(offsets.Length).ToArray();
        foreach (var (start, end) in starts.Zip(starts.Skip(1)))
            Assert.Equal(Enumerable.Range(0, end - start).Select(i => (long)i), offsets[start..end]);
    }
}
