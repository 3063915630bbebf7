using Confluent.Kafka;
using CourseRec.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// The interaction log and the catalogue in Apache Kafka. Partitions are read by name, as no group's member; the
/// offsets committed to Kafka are for lag displays.
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
    private readonly IAdminClient _admin;
    private readonly PartitionReader _reader;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task<OpenedKafka> _opening;
    private readonly Task _running;

    private KafkaLog(
        KafkaLogOptions options,
        Func<CancellationToken, ValueTask<int>> generation,
        TimeProvider time,
        ILogger<KafkaLog> logger
    )
    {
        options.Validate();
        (_options, _time, _logger) = (options, time, logger);
        _settings = new(options);
        _clients = new(_settings, logger);
        _clients.Fetcher().Dispose(); // Refuses wrong settings.
        _producer = _clients.Producer();
        _admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        _reader = new(_clients, time);
        Address = new(SystemName, options.Topic);
        _waitsFor = $"Kafka at {options.BootstrapServers} is not reached yet.";
        _opening = Task.Run(() => OpenAsync(generation, _closing.Token));
        _running = RunAsync(_closing.Token);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The topic's id; on a broker that has none (before Kafka 2.8) its name and the generation, and a topic recreated
    /// under that name is found by what every start of a partition compares.
    /// </remarks>
    public LogIdentity Identity => Now.Identity;

    /// <inheritdoc/>
    public LogAddress Address { get; }

    /// <summary>
    /// Answers at once, and opens behind: connects, creates the topics that are missing, and waits until the broker
    /// answers, saying what for.
    /// </summary>
    /// <param name="options">Which Kafka, which topics; of the generation that is answered next.</param>
    /// <param name="generation">Answers the generation that the session store is pinned to. Asked again while it throws
    /// <see cref="StoreUnavailableException"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what operators should know.</param>
    /// <exception cref="KafkaSettingsException">A setting is wrong.</exception>
    public static KafkaLog Open(
        KafkaLogOptions options,
        Func<CancellationToken, ValueTask<int>> generation,
        TimeProvider time,
        ILogger<KafkaLog> logger
    ) => new(options, generation, time, logger);

    /// <summary>Opens it, of the options' generation; waits until the broker answers.</summary>
    /// <param name="options">Which Kafka, which topics.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what operators should know.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="KafkaSettingsException">A setting is wrong, or the consumer group has members.</exception>
    public static async Task<KafkaLog> OpenAsync(
        KafkaLogOptions options,
        TimeProvider time,
        ILogger<KafkaLog> logger,
        CancellationToken cancel
    )
    {
        var log = Open(options, _ => new(options.Generation), time, logger);
        try
        {
            await log.OpenedAsync(cancel);
            return log;
        }
        catch
        {
            await log.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends what is followed, hands over what is queued, at most 5 s long, and disconnects. Later calls are refused.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_closing.IsCancellationRequested)
            return;
        await _closing.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Blocking.RunAsync(Disconnect, CancellationToken.None);
        _closing.Dispose();
    }

    /// <summary>What is to be done while the log is open.</summary>
    private async Task RunAsync(CancellationToken stop)
    {
        var opened = await _opening;
        var committing = opened.Commits.RunAsync(stop);
        await WatchAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var isAnswered = await committing;
        await opened.Fetcher.DisposeAsync();
        if (isAnswered)
            await Blocking.RunAsync(opened.Queries.Dispose, CancellationToken.None);
    }

    private void Disconnect()
    {
        _producer.Flush(KafkaSettings.RequestTimeout);
        _admin.Dispose();
        _producer.Dispose();
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
