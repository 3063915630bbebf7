using CourseRec.Streams.Kafka;

namespace CourseRec.Streams.Tests.Kafka;

public sealed class KafkaSettingsTests
{
    private static readonly KafkaLogOptions Options = new() { BootstrapServers = "127.0.0.1:1" };

    [Theory]
    [InlineData("acks.wanted", "all", "No such configuration property: \"acks.wanted\"")]
    [InlineData("acks", "most", "acks")]
    [InlineData("security.protocol", "tls", "Invalid value \"tls\" for configuration property \"security.protocol\"")]
    [InlineData("ssl.ca.location", "/none", "ssl.ca.location")]
    [InlineData("session.timeout.ms", "99999999", "Configuration property \"session.timeout.ms\" value 99999999")]
    public async Task A_setting_that_librdkafka_does_not_take_stops_the_start_with_its_words(
        string name,
        string value,
        string words
    )
    {
        var client = new Dictionary<string, string> { ["security.protocol"] = "ssl", [name] = value };
        var refused = await Assert.ThrowsAsync<KafkaSettingsException>(() =>
            OpenAsync(Options with { Client = client })
        );
        Assert.Contains(words, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task An_option_out_of_range_is_refused_with_what_is_allowed()
    {
        var refused = await Assert.ThrowsAsync<KafkaSettingsException>(() =>
            OpenAsync(Options with { Generation = 0 })
        );
        Assert.Equal("Kafka:Generation is '0'; allowed is 1 and more.", refused.Message);
    }

    [Fact]
    public async Task Waiting_for_a_broker_that_never_comes_can_be_cancelled()
    {
        var logger = new RecordingLogger<KafkaLog>();
        using var cancel = new CancellationTokenSource();
        var opening = KafkaLog.OpenAsync(Options, TimeProvider.System, logger, cancel.Token);
        await Eventually.HoldsAsync(
            () => logger.Contains("Waiting for Kafka at 127.0.0.1:1"),
            () => logger.Messages.Count
        );
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening.Briefly());
    }

    private static Task<KafkaLog> OpenAsync(KafkaLogOptions options) =>
        KafkaLog
            .OpenAsync(options, TimeProvider.System, new RecordingLogger<KafkaLog>(), CancellationToken.None)
            .Briefly();
}
