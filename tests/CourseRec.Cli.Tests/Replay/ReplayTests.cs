using CourseRec.Cli.Targets;
using CourseRec.Node.Options;

namespace CourseRec.Cli.Tests.Replay;

public sealed class ReplayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Into_a_folder_without_a_node_every_event_is_folded_and_stored()
    {
        using var file = new TemporaryFile("ada c1 c2 c3\ngrace c2 c4\n");
        Assert.Equal((0, ""), await Courserec.RunAsync("replay", file.Path, "--data-dir", _folder.Path));

        await using (var target = await OpenAsync(new()))
            await Eventually.BecomesAsync(
                async () => (await target.ReadStateAsync(default)).Partitions,
                partitions => partitions.Sum(p => p.Applied) == 5 && partitions.Sum(p => p.Stored) == 5,
                "all five events are folded and stored"
            );
        Assert.Equal((0, ""), await Courserec.RunAsync("session", "verify", "--all", "--data-dir", _folder.Path));
    }

    [Fact]
    public async Task Where_nodes_share_log_and_store_one_of_them_has_to_be_named()
    {
        var refused = await Assert.ThrowsAsync<CliException>(() =>
            OpenAsync(
                new()
                {
                    Kafka = new() { BootstrapServers = "127.0.0.1:1" },
                    Cassandra = new() { ContactPoints = "127.0.0.1:1" },
                }
            )
        );
        Assert.Contains(
            "name a running one, as --url http://127.0.0.1:5080",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private Task<InProcessTarget> OpenAsync(NodeOptions options) =>
        InProcessTarget.OpenAsync(options with { DataDir = _folder.Path }, TimeProvider.System, default);
}
