using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Kafka;

/// <summary>Topics and a consumer group of a test's own on the shared broker.</summary>
internal sealed class KafkaTopics(KafkaBroker broker)
{
    private readonly string _name = $"t{Guid.NewGuid():n}"[..12];

    /// <summary>The topic of the interactions.</summary>
    public string Interactions => $"{_name}-interactions";

    /// <summary>The topic of the recommendations.</summary>
    public string Recommendations => $"{_name}-recommendations";

    /// <summary>What every verb on these topics is told.</summary>
    public string[] Flags =>
        [
            .. broker.NodeFlags,
            "--set",
            $"Kafka:Topic={Interactions}",
            "--set",
            $"Kafka:DeadLetterTopic={_name}-dead",
            "--set",
            $"Kafka:CatalogueTopic={_name}-catalog",
            "--set",
            $"Kafka:GroupId={_name}",
        ];

    /// <summary>Starts a node on them.</summary>
    public Task<NodeProcess> StartNodeAsync(string dataDir, int port, params string[] flags) =>
        StartLearningNodeAsync(dataDir, port, ["--no-training", .. flags]);

    /// <summary>Starts a node on them that learns.</summary>
    public Task<NodeProcess> StartLearningNodeAsync(string dataDir, int port, params string[] flags) =>
        NodeProcess.StartAsync(dataDir, port, [.. Flags, "--no-simulation", .. flags]);

    /// <summary>Folds the topic again and compares with a stopped node's store.</summary>
    public Task VerifyAsync(string dataDir, params string[] flags) =>
        Courserec.VerifyAsync(dataDir, [.. Flags, .. flags]);
}
