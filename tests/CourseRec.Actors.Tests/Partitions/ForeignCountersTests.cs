using Akka.Actor;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Models.Catalogue;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>Two hosts on one log and one store: each ranks by what both have counted.</summary>
public sealed class ForeignCountersTests : IAsyncLifetime
{
    private const int Partitions = 4;
    private readonly DataFolder _folder = new();
    private readonly int[] _owners = [0, 1, 0, 1];
    private readonly List<SessionHost> _hosts = [];
    private readonly ActorSystem _actors = ActorSystem.Create("courserec", ActorsConfig.Config);
    private EmbeddedLog _log = null!;
    private FollowedStore _store = null!;
    private int _events;

    public async Task InitializeAsync()
    {
        _log = EmbeddedLog.Open(
            new EmbeddedLogOptions { Path = _folder.Log, Partitions = Partitions },
            TimeProvider.System,
            NullLogger<EmbeddedLog>.Instance
        );
        _store = new(SqliteSessionStore.Open(new SqliteSessionStoreOptions { Path = _folder.Store }));
        foreach (var host in Enumerable.Range(0, 2))
        {
            var courses = new CourseIndex();
            _hosts.Add(
                new SessionHost(
                    new SessionHostOptions
                    {
                        FlushInterval = TimeSpan.FromMilliseconds(20),
                        CountersInterval = TimeSpan.FromMilliseconds(200),
                        PublishInterval = TimeSpan.FromMilliseconds(20),
                    },
                    _actors,
                    new SharedLog(_log, _owners, host),
                    _store,
                    courses,
                    new CourseCatalogue(courses),
                    TimeProvider.System,
                    NullLoggerFactory.Instance
                )
            );
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
        }
        await _actors.Terminate();
        await _log.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_host_ranks_by_all_partitions()
    {
        await StartAsync();
        await TakeAsync("c1", 0, 1, 2, 3);
        await TakeAsync("c2", 1, 3);
        await RankedAsync("c1 0.667, c2 0.333");
        await TakeAsync("c3", 0, 0, 0, 1, 1, 1);
        await RankedAsync("c3 0.500, c1 0.333, c2 0.167");
    }

    [Fact]
    public async Task A_partition_that_moves_is_counted_once()
    {
        await StartAsync();
        await TakeAsync("c1", 1, 1, 1);
        await TakeAsync("c2", 0);
        await RankedAsync("c1 0.750, c2 0.250");
        foreach (var owner in new[] { 0, 1, 0 })
        {
            Volatile.Write(ref _owners[1], owner);
            await Eventually.HoldsAsync(() => _hosts[owner].Holds(1), () => owner);
            var reads = _store.Reads.Count;
            await Eventually.HoldsAsync(() => Seen() && _store.Reads.Count > reads + 8, Ranked);
        }
        await TakeAsync("c2", 1, 1);
        await RankedAsync("c1 0.500, c2 0.500");

        bool Seen()
        {
            Assert.All(_hosts, host => Assert.Equal("c1 0.750, c2 0.250", Popular(host)));
            return true;
        }
    }

    [Fact]
    public async Task While_the_store_is_away_what_was_read_stands()
    {
        await StartAsync();
        await TakeAsync("c1", 1);
        await RankedAsync("c1 1.000");
        _store.IsAway = true;
        var reads = _store.Reads.Count;
        await TakeAsync("c2", 0);
        await Eventually.HoldsAsync(() => Popular(_hosts[0]) == "c1 0.500, c2 0.500", Ranked);
        await Eventually.HoldsAsync(() => _store.Reads.Count > reads + 8, () => _store.Reads.Count);
        Assert.Equal("c1 1.000", Popular(_hosts[1]));
        _store.IsAway = false;
        await RankedAsync("c1 0.500, c2 0.500");
    }

    [Fact]
    public async Task Nothing_is_read_of_partitions_that_are_held_here()
    {
        Array.Fill(_owners, 0);
        await _hosts[0].StartAsync(CancellationToken.None);
        await TakeAsync("c1", 0, 1, 2, 3);
        await Eventually.HoldsAsync(() => Popular(_hosts[0]) == "c1 1.000", Ranked);
        Volatile.Write(ref _owners[3], -1);
        await Eventually.HoldsAsync(() => _store.Reads.Count >= 4, () => _store.Reads.Count);
        Assert.Equal([3], _store.Reads.Distinct());
        Assert.Equal("c1 1.000", Popular(_hosts[0]));
    }

    private Task StartAsync() => Task.WhenAll(_hosts.Select(host => host.StartAsync(CancellationToken.None)));

    /// <summary>A new user of each partition named takes the course, all at one time.</summary>
    private async Task TakeAsync(string course, params int[] partitions)
    {
        foreach (var partition in partitions)
        {
            string user;
            do user = $"u{_events++}";
            while (Partitioner.PartitionOf(user, Partitions) != partition);
            var taken = new TestEvent($"e{_events}", user, course).ToRecord(Partitions);
            await _log.AppendAsync([taken], CancellationToken.None);
        }
    }

    private Task RankedAsync(string ranked) =>
        Eventually.HoldsAsync(() => _hosts.All(host => Popular(host) == ranked), Ranked);

    private string Ranked() => string.Join(" | ", _hosts.Select(Popular));

    private static string Popular(SessionHost host) =>
        string.Join(
            ", ",
            host.Popular(5)
                .Where(item => item.Score > 0)
                .OrderByDescending(item => item.Score)
                .ThenBy(item => item.Course, StringComparer.Ordinal)
                .Select(item => FormattableString.Invariant($"{item.Course} {item.Score:F3}"))
        );
}
