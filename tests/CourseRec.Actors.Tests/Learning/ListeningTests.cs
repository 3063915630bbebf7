using Akka.Actor;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Partitions;
using CourseRec.Models.Catalogue;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Actors.Tests.Learning;

/// <summary>A host that reads the log only to teach, beside one that serves, or would.</summary>
public sealed class ListeningTests : IAsyncLifetime
{
    private readonly DataFolder _folder = new();
    private readonly CourseIndex _courses = new();
    private readonly Recorder _taught = new();
    private readonly ActorSystem _actors = ActorSystem.Create("courserec", ActorsConfig.Config);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _actors.Terminate();
        _folder.Dispose();
    }

    [Fact]
    public async Task Who_only_listens_teaches_every_discovery_serves_nobody_and_stores_nothing()
    {
        await using var serving = Pipeline.Open(_folder);
        var manifest = new StoreManifest(1, serving.Log.Identity, new FoldRules().ToJson(), SessionFormats.Newest);
        Assert.True(await serving.Store.PinAsync(null, manifest, CancellationToken.None));
        await using var listening = Listen(serving);
        await listening.StartAsync(CancellationToken.None);
        await serving.AppendAsync(
            new TestEvent("a", "u1", "c1", "click", 1),
            new TestEvent("b", "u2", "c2", "click", 2),
            new TestEvent("c", "u1", "c3", "click", 3)
        );
        await serving.AppendAsync(0, "u1", "no event"u8.ToArray());
        await Eventually.HoldsAsync(
            () => _taught.Examples.Count == 3 && listening.Shards.All(shard => shard.Lag == 0),
            () => string.Join("; ", listening.Shards)
        );

        Assert.Equal(["c1", "c1 c3", "c2"], _taught.Taught(_courses).Order());
        Assert.All(Enumerable.Range(0, 2), partition => Assert.False(listening.Serves(partition)));
        await Assert.ThrowsAsync<NotOwnedException>(() => listening.GetSessionAsync("u1", LogVersion.None, default));
        await listening.StopAsync(CancellationToken.None);
        Assert.Null(await serving.Store.ReadClaimAsync(0, CancellationToken.None));
        Assert.All(await serving.Store.LoadSessionsAsync(["u1", "u2"], CancellationToken.None), Assert.Null);
        Assert.Null((await serving.Store.LoadPartitionAsync(0, CancellationToken.None)).Checkpoint);
        Assert.Empty(await serving.Log.ReadDeadLettersAsync(CancellationToken.None).ToListAsync());
    }

    [Fact]
    public async Task Who_listens_goes_on_from_what_the_serving_host_has_stored()
    {
        await using var serving = await Pipeline.StartAsync(_folder);
        await serving.AppendAsync(new TestEvent("a", "u1", "c1", "click", 1));
        await serving.SettleAsync();
        await using var listening = Listen(serving);
        await listening.StartAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => listening.Shards.Count == 2, () => listening.Shards.Count);
        Assert.All(listening.Shards, shard => Assert.NotEqual(PartitionState.Stopped, shard.State));
        Assert.Empty(_taught.Examples);
    }

    [Fact]
    public async Task Who_only_listens_waits_for_a_store_that_somebody_prepared()
    {
        await using var serving = Pipeline.Open(_folder);
        await using var listening = Listen(serving);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => listening.StartAsync(CancellationToken.None));
        Assert.Null(await serving.Store.ReadManifestAsync(CancellationToken.None));
    }

    private SessionHost Listen(Pipeline serving) =>
        new(
            new SessionHostOptions
            {
                Placement = Placement.Listening,
                FlushInterval = TimeSpan.FromMilliseconds(20),
                WaitForOwner = TimeSpan.FromMilliseconds(100),
            },
            _actors,
            serving.Log,
            serving.Store,
            _courses,
            new CourseCatalogue(_courses),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            _taught
        );
}
