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
        await using var following = Following.Start(log, 0);
        await log.AppendAsync(Numbered(0, 10));
        await following.UntilCountAsync(10);

        await _broker.StopAsync();
        await RefusedSoonAsync(log);
        Assert.Equal(new OffsetRange(0, 10), await log.RangeAsync(0, CancellationToken.None));
        var opening = _topics.OpenAsync();
        await UntilSaidAsync("Waiting for Kafka");
        await UntilSaidAsync("does not answer");
        await _broker.StartAgainAsync();
        Assert.Equal(log.Identity, (await opening).Identity);
        await AppendWhenItWorksAsync(log, "after the stop");
        await following.UntilTextAsync("after the stop");
        await UntilSaidAsync("answers again");
        Assert.Single(_topics.Logger.Messages, m => m.Contains("does not answer"));

        _broker.Freeze();
        var thaw = Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System);
        await RefusedSoonAsync(log);
        await thaw;
        _broker.Thaw();
        await AppendWhenItWorksAsync(log, "after the frost");
        // A record that was refused may be in the topic after all.
        await following.UntilTextAsync("after the frost");
        Assert.Equal(Enumerable.Range(0, following.Records.Count).Select(i => (long)i), following.Offsets);
        var another = await _topics.OpenAsync();
        Assert.Equal(await another.ReadTextsAsync(0), following.Texts);

        await _broker.StopAsync();
        log.Commit(0, following.Records.Count);
        await log.DisposeAsync().AsTask().Briefly();
    }

    /// <summary>Long before the client's own patience, five minutes, is over.</summary>
    private static async Task RefusedSoonAsync(KafkaLog log)
    {
        var refused = await Assert.ThrowsAsync<LogUnavailableException>(() =>
            log.AppendAsync(Record(0, "refused")).Briefly()
        );
        Assert.Contains("did not take 1 of 1 records", refused.Message);
    }

    private static async Task AppendWhenItWorksAsync(KafkaLog log, string text)
    {
        for (var isAppended = false; !isAppended; )
        {
            try
            {
                await log.AppendAsync(Record(0, text)).Briefly();
                isAppended = true;
            }
            catch (LogUnavailableException)
            {
                // Tried again.
            }
        }
    }

    private Task UntilSaidAsync(string words) =>
        Eventually.HoldsAsync(() => _topics.Logger.Contains(words), () => string.Join('\n', _topics.Logger.Messages));
}
