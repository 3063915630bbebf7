using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Cluster;

/// <summary>
/// Two nodes, a and b, that serve and learn nothing; whoever trains joins them. Of two that lose each other, the one
/// that gets a lease goes on.
/// </summary>
public sealed class RoleCluster(SharedKafkaBroker shared) : TestCluster(shared)
{
    /// <inheritdoc/>
    protected override IReadOnlyList<string> Seeds => ["a", "b"];

    /// <inheritdoc/>
    protected override string[] Flags => [.. Patient.Flags, "--set", "Cluster:SplitBrain=lease"];

    /// <summary>Starts, or starts again, a node that serves.</summary>
    internal Task<NodeProcess> StartServingAsync(string id) =>
        StartLearningAsync(id, "--roles", "session,gateway", "--set", "Training:PublishEvery=500ms");

    /// <summary>Starts, or starts again, a node that trains.</summary>
    internal Task<NodeProcess> StartTrainerAsync(string id, params string[] flags) =>
        StartLearningAsync(
            id,
            [
                "--roles",
                "trainer",
                "--set",
                "Training:PublishEvery=1s",
                "--set",
                "Training:CheckpointEvery=3s",
                .. flags,
            ]
        );

    /// <inheritdoc/>
    protected override async Task StartNodesAsync()
    {
        await StartServingAsync("a");
        await SettledAsync("a");
        await StartServingAsync("b");
        await SettledAsync("a", "b");
    }
}
