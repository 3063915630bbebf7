using Confluent.Kafka;
using CourseRec.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// The interaction log and the catalogue in Apache Kafka. Kafka's consumer group decides which partitions this process
/// consumes; where to go on in them is the consumer's business, and the offsets committed to Kafka are for lag
/// displays.
/// </summary>
public sealed partial class KafkaLog : IInteractionLog, ICatalogueLog
{
    /// <summary>The messaging system's name in OpenTelemetry's conventions.</summary>
    internal const string SystemName = "kafka";

    private readonly KafkaLogOptions _options;
    private readonly KafkaSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<KafkaLog> _logger;
    private readonly KafkaClients _clients;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly IConsumer<byte[], byte[]> _queries;
    private readonly IAdminClient _admin;
    private readonly TopicSetup _topics;
    private readonly PartitionReader _reader;
    private readonly CancellationTokenSource _closing = new();

    private KafkaLog(KafkaLogOptions options, TimeProvider time, ILogger<KafkaLog> logger)
    {
        options.Validate();
        (_options, _time, _logger) = (options, time, logger);
        _settings = new(options);
        _clients = new(_settings, logger);
        _producer = _clients.Producer();
        _queries = _clients.Reader();
        _admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        _topics = new(options, _settings, _clients, _admin, time, logger);
        _reader = new(_clients, time);
        Address = new(SystemName, options.Topic);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The topic's id; on a broker that has none (before Kafka 2.8) its name and the generation, and a topic recreated
    /// under that name is found by what every assignment compares.
    /// </remarks>
    public LogIdentity Identity { get; private set; } = new("", 0);

    /// <inheritdoc/>
    public LogAddress Address { get; }

    /// <summary>
    /// Connects, creates the topics that are missing, and waits until the broker answers, saying what for.
    /// </summary>
    /// <param name="options">Which Kafka, which topics.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what operators should know.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <param name="waiting">Told what is waited for, in a sentence, again and again.</param>
    /// <exception cref="KafkaSettingsException">A setting is wrong.</exception>
    public static async Task<KafkaLog> OpenAsync(
        KafkaLogOptions options,
        TimeProvider time,
        ILogger<KafkaLog> logger,
        CancellationToken cancel,
        Action<string>? waiting = null
    )
    {
        var log = new KafkaLog(options, time, logger);
        try
        {
            log._clients.Member(_ => { }).Dispose();
            log.Identity = await log._topics.PrepareAsync(waiting, cancel);
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
        logger.Opened(options.BootstrapServers, options.Topic, log.Identity.Partitions, log.Identity.Id);
        return log;
    }

    /// <summary>
    /// Releases what is consumed, hands over what is queued, at most 5 s long, and disconnects. Later calls are
    /// refused.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        await _consuming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Blocking.RunAsync(Disconnect, CancellationToken.None);
        _closing.Dispose();
    }

    private void Disconnect()
    {
        _producer.Flush(KafkaSettings.RequestTimeout);
        _admin.Dispose();
        _producer.Dispose();
        _queries.Dispose();
    }

    private TopicPartition At(int partition)
    {
        if ((uint)partition >= (uint)Identity.Partitions)
            throw new ArgumentOutOfRangeException(
                nameof(partition),
                partition,
                $"The log has partitions 0 to {Identity.Partitions - 1}."
            );
        return new(_options.Topic, partition);
    }
}
