using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>Makes librdkafka's clients, and remembers what they last complained about.</summary>
internal sealed class KafkaClients(KafkaSettings settings, ILogger logger)
{
    private volatile string? _lastProblem;

    /// <summary>Why the last call did not work, in words that name the broker where the client gave any.</summary>
    public string Explain(Error error) =>
        error.IsLocalError && _lastProblem is { } problem ? problem : Sentence(error.Reason);

    /// <exception cref="KafkaSettingsException">librdkafka does not take the settings.</exception>
    public IProducer<byte[], byte[]> Producer() =>
        Build(() =>
            new ProducerBuilder<byte[], byte[]>(settings.Producer())
                .SetLogHandler((_, message) => Log(message))
                .SetErrorHandler((_, error) => Remember(error))
                .Build()
        );

    /// <summary>A reader of named partitions.</summary>
    /// <param name="group">In whose name it commits, if it does.</param>
    /// <exception cref="KafkaSettingsException">librdkafka does not take the settings.</exception>
    public IConsumer<byte[], byte[]> Reader(string group = "courserec-reader") =>
        Consumer<byte[]>(settings.Reader(group));

    /// <summary>The client that fetches what is followed.</summary>
    /// <exception cref="KafkaSettingsException">librdkafka does not take the settings.</exception>
    public IConsumer<Ignore, byte[]> Fetcher() => Consumer<Ignore>(settings.Fetcher());

    /// <summary>
    /// Names the brokers to begin with again, to a client that gets no answer: one that hears of no brokers (as a
    /// broker that has just started may say) forgets all it had, those included.
    /// </summary>
    public void Reconnect(IClient client) => client.AddBrokers(settings.BootstrapServers);

    private IConsumer<TKey, byte[]> Consumer<TKey>(Dictionary<string, string> settings) =>
        Build(() =>
            new ConsumerBuilder<TKey, byte[]>(settings)
                .SetLogHandler((_, message) => Log(message))
                .SetErrorHandler((_, error) => Remember(error))
                .Build()
        );

    private static T Build<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new KafkaSettingsException($"The Kafka client does not take its settings: {Sentence(e.Message)}", e);
        }
        catch (Exception e)
            when (e is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            throw new KafkaSettingsException(
                "The native Kafka client (librdkafka) can't be loaded, so that there is no Kafka here: "
                    + Sentence(e.GetBaseException().Message),
                e
            );
        }
    }

    private static string Sentence(string reason) => reason.ReplaceLineEndings(" ").TrimEnd(' ', '.') + ".";

    /// <summary>That all brokers are down says less than what was said of the last of them.</summary>
    private void Remember(Error error)
    {
        if (error.Code != ErrorCode.Local_AllBrokersDown)
            _lastProblem = Sentence(error.Reason);
    }

    private void Log(LogMessage message) => logger.Native(message.Facility, message.Message);
}
