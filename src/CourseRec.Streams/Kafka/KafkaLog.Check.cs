using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace CourseRec.Streams.Kafka;

public sealed partial class KafkaLog
{
    private const int WantedReplicas = 3;
    private const int WantedInSync = 2;
    private static readonly TimeSpan WantedRetention = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel)
    {
        var topics = new[] { _options.Topic, _options.DeadLetterTopic, _options.CatalogueTopic };
        var metadata = await AskAsync(_ => _admin.GetMetadata(KafkaSettings.RequestTimeout), cancel);
        var findings = metadata.Topics.Where(topic => topics.Contains(topic.Topic)).SelectMany(CheckLayout).ToList();
        if (!_settings.HasTimestamps)
            findings.Add(
                $"Kafka at {_options.BootstrapServers} is too old to tell its settings: see to min.insync.replicas "
                    + "≥ 2, "
                    + "unclean.leader.election.enable=false and the retention of its topics yourself."
            );
        else
            await CheckConfigurationAsync(topics, findings);
        return findings;
    }

    private IEnumerable<string> CheckLayout(TopicMetadata topic)
    {
        var replicas = topic.Partitions.Min(partition => partition.Replicas.Length);
        if (replicas < WantedReplicas)
            yield return $"Topic {topic.Topic} has {replicas} replicas: with fewer than {WantedReplicas}, a broker "
                + "that is lost can take acknowledged events with it.";
        if (topic.Topic == _options.CatalogueTopic && topic.Partitions.Count != 1)
            yield return $"Topic {topic.Topic} has {topic.Partitions.Count} partitions and only partition 0 is "
                + "read: make it with one.";
    }

    private async Task CheckConfigurationAsync(string[] topics, List<string> findings)
    {
        try
        {
            var resources = topics.Select(topic => new ConfigResource { Type = ResourceType.Topic, Name = topic });
            foreach (
                var result in await _admin.DescribeConfigsAsync(
                    resources,
                    new() { RequestTimeout = KafkaSettings.RequestTimeout }
                )
            )
                findings.AddRange(CheckConfiguration(result.ConfigResource.Name, result.Entries));
        }
        catch (KafkaException e)
        {
            findings.Add($"The settings of the topics can't be read: {_clients.Explain(e.Error)}");
        }
    }

    private IEnumerable<string> CheckConfiguration(string topic, Dictionary<string, ConfigEntryResult> entries)
    {
        string? Of(string name) => entries.GetValueOrDefault(name)?.Value;

        if (
            int.TryParse(Of("min.insync.replicas"), CultureInfo.InvariantCulture, out var inSync)
            && inSync < WantedInSync
        )
            yield return $"Topic {topic} has min.insync.replicas={inSync}: set it to {WantedInSync}, or an "
                + "acknowledged event may be on one broker only.";
        if (Of("unclean.leader.election.enable") == "true")
            yield return $"Topic {topic} has unclean.leader.election.enable=true, which can take acknowledged "
                + "events back: set it to false.";
        var wanted = topic == _options.CatalogueTopic ? "compact" : "delete";
        if (Of("cleanup.policy") is { } policy && policy != wanted)
            yield return $"Topic {topic} has cleanup.policy={policy}: set it to {wanted}.";
        if (
            topic == _options.Topic
            && long.TryParse(Of("retention.ms"), CultureInfo.InvariantCulture, out var retention)
            && retention is >= 0
            && retention < WantedRetention.TotalMilliseconds
        )
            yield return $"Topic {topic} keeps events for {TimeSpan.FromMilliseconds(retention)} only: a node that "
                + "is away for longer loses them. Raise retention.ms to a day or more.";
    }
}
