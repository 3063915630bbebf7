using Confluent.Kafka;

namespace CourseRec.Streams.Tests.Kafka;

/// <summary>What the other tests take for granted of the broker.</summary>
public sealed class KafkaBrokerTests
{
    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_broker_was_killed_and_started_again()
    {
        await using var broker = await KafkaBroker.StartAsync();
        await broker.CreateTopicAsync("kept", 1);
        using var producer = new ProducerBuilder<string, string>(
            broker.ClientSettings.Append(new("bootstrap.servers", broker.Address))
        ).Build();

        var before = await producer.ProduceAsync("kept", new() { Key = "user", Value = "first" });
        await broker.KillAsync();
        await broker.StartAgainAsync();
        var after = await producer.ProduceAsync("kept", new() { Key = "user", Value = "second" });

        Assert.Equal([0, 1], [before.Offset.Value, after.Offset.Value]);
    }
}
