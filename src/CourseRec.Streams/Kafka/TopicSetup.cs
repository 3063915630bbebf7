using Confluent.Kafka;
using Confluent.Kafka.Admin;
using CourseRec.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>Finds or creates the topics, and tells which life of the interactions' topic this is.</summary>
internal sealed class TopicSetup(
    KafkaLogOptions options,
    KafkaSettings settings,
    KafkaClients clients,
    IAdminClient admin,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until the broker answers and every topic is there; says what it waits for.</summary>
    public async Task<LogIdentity> PrepareAsync(Action<string> waiting, CancellationToken cancel)
    {
        for (string? said = null; ; )
        {
            var (identity, problem) = await TryPrepareAsync(cancel);
            if (identity is not null)
                return identity;
            if (problem != said)
                logger.Waiting(options.BootstrapServers, problem);
            said = problem;
            waiting(problem);
            await Task.Delay(Retry, time, cancel);
        }
    }

    /// <summary>What the topic is now; null when the broker does not say.</summary>
    public async Task<LogIdentity?> TryIdentifyAsync(CancellationToken cancel)
    {
        try
        {
            return await IdentifyAsync(cancel);
        }
        catch (KafkaException)
        {
            return null;
        }
    }

    private static TopicMetadata? Find(Metadata metadata, string topic) =>
        metadata.Topics.Find(t => t.Topic == topic && t.Error.Code == ErrorCode.NoError);

    private static bool IsServed(TopicMetadata topic) =>
        topic.Partitions.Count > 0 && topic.Partitions.All(partition => partition.Leader >= 0);

    /// <summary>Answers the identity, or what is missing yet.</summary>
    private async Task<(LogIdentity? Identity, string Problem)> TryPrepareAsync(CancellationToken cancel)
    {
        try
        {
            var metadata = await MetadataAsync(cancel);
            var missing = Specifications().Where(topic => Find(metadata, topic.Name) is null).ToArray();
            if (missing.Length > 0)
            {
                await CreateAsync(missing, cancel);
                metadata = await MetadataAsync(cancel);
            }
            var pending = Specifications()
                .FirstOrDefault(topic => Find(metadata, topic.Name) is not { } found || !IsServed(found));
            return pending is null
                ? (await IdentifyAsync(cancel), $"topic {options.Topic} is not described yet.")
                : (null, $"topic {pending.Name} is not there, or has no leader yet.");
        }
        catch (KafkaException e)
        {
            clients.Reconnect(admin);
            return (null, clients.Explain(e.Error));
        }
    }

    private Task<LogIdentity?> IdentifyAsync(CancellationToken cancel) =>
        settings.HasTimestamps && !options.IsIdentifiedByName ? DescribeAsync() : NameAsync(cancel);

    private Task<Metadata> MetadataAsync(CancellationToken cancel) =>
        Blocking.RunAsync(() => admin.GetMetadata(KafkaSettings.RequestTimeout), cancel);

    private async Task CreateAsync(TopicSpecification[] missing, CancellationToken cancel)
    {
        if (settings.HasTimestamps)
        {
            await CreateAsync(missing);
            return;
        }
        // A broker this old creates a topic when it is first asked for.
        foreach (var topic in missing)
            await Blocking.RunAsync(() => admin.GetMetadata(topic.Name, KafkaSettings.RequestTimeout), cancel);
    }

    private async Task CreateAsync(TopicSpecification[] missing)
    {
        try
        {
            await admin.CreateTopicsAsync(missing);
        }
        catch (CreateTopicsException e) when (e.Results.All(IsCreated))
        {
            // Another node was faster.
        }
    }

    private static bool IsCreated(CreateTopicReport report) =>
        report.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists;

    private TopicSpecification[] Specifications() =>
        [
            Specify(options.Topic, options.Partitions, "delete"),
            Specify(options.DeadLetterTopic, 1, "delete"),
            Specify(options.CatalogueTopic, 1, "compact"),
        ];

    private TopicSpecification Specify(string name, int partitions, string cleanup) =>
        new()
        {
            Name = name,
            NumPartitions = partitions,
            ReplicationFactor = options.Replication,
            Configs = new() { ["cleanup.policy"] = cleanup },
        };

    /// <summary>By the topic's id, which every life of a topic has its own of (Kafka 2.8 and later).</summary>
    private async Task<LogIdentity?> DescribeAsync()
    {
        var described = await admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames([options.Topic]),
            new() { RequestTimeout = KafkaSettings.RequestTimeout }
        );
        var topic = described.TopicDescriptions.Single();
        if (topic.Error.IsError)
            return null;
        var hasId = topic.TopicId.MostSignificantBits != 0 || topic.TopicId.LeastSignificantBits != 0;
        return new(hasId ? topic.TopicId.ToString() : NamedId, topic.Partitions.Count);
    }

    private async Task<LogIdentity?> NameAsync(CancellationToken cancel) =>
        Find(await MetadataAsync(cancel), options.Topic) is { } topic ? new(NamedId, topic.Partitions.Count) : null;

    /// <summary>
    /// Without topic ids: the name and the generation. A topic of this name that was recreated is found by the event
    /// id and the offsets that every start of a partition compares.
    /// </summary>
    private string NamedId => $"{options.Topic}#{options.Generation}";
}
