using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Cql;
using CourseRec.Cql.Errors;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Cassandra.Schema;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Persistence.Tests.Cassandra;

[Collection(CassandraCollection.Name)]
public sealed class CassandraSchemaTests(CassandraWithStore cassandra)
{
    [Fact]
    public async Task A_keyspace_without_a_schema_is_refused_and_not_made()
    {
        var store = new TestStore(OptionsOf(cassandra.NewKeyspace()));
        for (var i = 0; i < 2; i++)
            await AssertRefusedAsync(store, "has no CourseRec schema. Make it: courserec migrate");
    }

    [Fact]
    public async Task An_older_and_a_newer_schema_are_refused()
    {
        var store = await TestStore.MakeAsync(cassandra.Server, cassandra.NewKeyspace());
        await RunAsync(store, "DELETE FROM migration WHERE version = 3");
        await AssertRefusedAsync(store, "has schema version 2, this program needs 3. Bring it up: courserec migrate");
        await RunAsync(store, "DELETE FROM migration WHERE version IN (1, 2)");
        await AssertRefusedAsync(store, "has no CourseRec schema");
        await RunAsync(store, "INSERT INTO migration (version) VALUES (4)");
        await AssertRefusedAsync(store, "has schema version 4, this program knows 3. Use a newer program.");
        await Assert.ThrowsAsync<StoreMismatchException>(() => MigrateAsync(store.Options));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var options = OptionsOf(cassandra.NewKeyspace());
        Assert.Equal(new MigrationReport(options.Keyspace, 0, 3, 1, "datacenter1"), await MigrateAsync(options));
        var store = new TestStore(options);
        await using (var opened = store.Open())
            await opened.PinAsync(null, Contract.Make.Manifest(), default);
        Assert.Equal(new MigrationReport(options.Keyspace, 3, 3, 1, "datacenter1"), await MigrateAsync(options));
        await using var again = store.Open();
        Assert.Equal(Contract.Make.Manifest(), await again.ReadManifestAsync(default));
    }

    [Fact]
    public async Task A_migration_that_was_cut_short_is_finished()
    {
        var store = await TestStore.MakeAsync(cassandra.Server, cassandra.NewKeyspace());
        await RunAsync(store, "DROP TABLE checkpoint");
        await RunAsync(store, "DELETE FROM migration WHERE version IN (1, 2, 3)");
        Assert.Equal((0, 3), await MigrateAsync(store.Options) is var report ? (report.From, report.To) : default);
        await using var opened = store.Open();
        Assert.Null((await opened.LoadPartitionAsync(0, default)).Checkpoint);
    }

    // As a program made it that knew one format of sessions only, and no parked users.
    [Fact]
    public async Task A_store_of_the_first_schema_is_brought_up_and_stays_at_the_first_session_format()
    {
        var store = await TestStore.MakeAsync(cassandra.Server, cassandra.NewKeyspace());
        await RunAsync(store, "DROP TABLE parked");
        await RunAsync(store, "ALTER TABLE manifest DROP session_format");
        await RunAsync(store, "DELETE FROM migration WHERE version IN (2, 3)");
        await RunAsync(
            store,
            "INSERT INTO manifest (id, generation, log, partitions, rules) VALUES ('store', 1, 'log-a', 16, '{}') "
                + "IF NOT EXISTS"
        );
        Assert.Equal((1, 3), await MigrateAsync(store.Options) is var report ? (report.From, report.To) : default);
        await using var opened = store.Open();
        var pinned = Contract.Make.Manifest(format: 1);
        Assert.Equal(pinned, await opened.ReadManifestAsync(default));
        Assert.True(await opened.PinAsync(pinned, pinned with { SessionFormat = 2 }, default));
        Assert.Empty(await opened.ListParkedAsync(default));
    }

    // As a program made it whose nodes found each other by a table.
    [Fact]
    public async Task A_store_of_the_schema_before_gets_claims_and_leases_and_loses_the_nodes()
    {
        var store = await TestStore.MakeAsync(cassandra.Server, cassandra.NewKeyspace());
        await RunAsync(store, "DROP TABLE claim");
        await RunAsync(store, "DROP TABLE lease");
        await RunAsync(store, "CREATE TABLE node (id text PRIMARY KEY, url text) WITH default_time_to_live = 60");
        await RunAsync(store, "INSERT INTO node (id, url) VALUES ('a', 'http://10.0.0.1:5080/')");
        await RunAsync(store, "DELETE FROM migration WHERE version = 3");
        await AssertRefusedAsync(store, "has schema version 2, this program needs 3");
        Assert.Equal((2, 3), await MigrateAsync(store.Options) is var report ? (report.From, report.To) : default);
        await using var opened = store.Open();
        Assert.Equal(1, (await opened.ClaimAsync(0, "node-a", default)).Epoch);
        Assert.True(await opened.Leases.TryAcquireAsync("sbr", "a", TimeSpan.FromMinutes(1), default));
        var gone = await Assert.ThrowsAsync<CqlServerException>(() => RunAsync(store, "SELECT id FROM node"));
        Assert.Contains("node", gone.Message);
    }

    // The virtual table that releases from 4.0 on have, made by hand on one that has it not.
    [Fact]
    public async Task A_guardrail_on_old_timestamps_is_refused_and_weaker_settings_are_warned_of()
    {
        var store = await cassandra.EmptyStoreAsync();
        await RunAsync(
            store,
            "CREATE KEYSPACE system_views WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}"
        );
        try
        {
            await RunAsync(store, "CREATE TABLE system_views.settings (name text PRIMARY KEY, value text)");
            await SetAsync("minimum_timestamp_warn_threshold", "10d");
            await SetAsync("minimum_timestamp_fail_threshold", "null");
            await SetAsync("commitlog_sync", "periodic");
            await using (var opened = store.Open())
            {
                var findings = await opened.CheckSettingsAsync(default);
                Assert.Equal(2, findings.Count);
                Assert.StartsWith("Cassandra warns of timestamps older than 10d", findings[0]);
                Assert.Contains("has one replica, which acknowledges writes before they are on disk", findings[1]);
            }
            await SetAsync("minimum_timestamp_fail_threshold", "30d");
            await using var refused = store.Open();
            var refusal = await Assert.ThrowsAsync<StoreMismatchException>(() =>
                refused.ReadManifestAsync(default).AsTask()
            );
            Assert.StartsWith("The Cassandra cluster refuses timestamps older than 30d", refusal.Message);
        }
        finally
        {
            await RunAsync(store, "DROP KEYSPACE system_views");
        }

        Task SetAsync(string name, string value) =>
            RunAsync(store, $"INSERT INTO system_views.settings (name, value) VALUES ('{name}', '{value}')");
    }

    [Theory]
    [InlineData("3", "{'class': 'SimpleStrategy', 'replication_factor': 3}")]
    [InlineData("dc1:3", "{'class': 'NetworkTopologyStrategy', 'dc1': 3}")]
    [InlineData("dc1:3, eu-west:2", "{'class': 'NetworkTopologyStrategy', 'dc1': 3, 'eu-west': 2}")]
    public void Replication_is_read(string text, string cql) => Assert.Equal(cql, Replication.Parse(text)!.ToCql());

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("dc1")]
    [InlineData("dc1:")]
    [InlineData(":3")]
    [InlineData("dc1:3,2")]
    [InlineData("dc1:3,dc1:3")]
    [InlineData("d'c:3")]
    public void Replication_that_makes_no_sense_is_not(string text) => Assert.Null(Replication.Parse(text));

    [Theory]
    [InlineData("org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy", false)]
    [InlineData("""{"class": "org.apache.cassandra.db.compaction.TimeWindowCompactionStrategy"}""", true)]
    [InlineData("org.apache.cassandra.db.compaction.DateTieredCompactionStrategy", true)]
    public void Compaction_by_time_is_recognised(string strategy, bool isByTime) =>
        Assert.Equal(isByTime, SchemaVerifier.IsByTime(strategy));

    [Theory]
    [InlineData("Courserec")]
    [InlineData("a-b")]
    [InlineData("x; DROP KEYSPACE y")]
    public void A_keyspace_that_is_no_name_is_refused(string keyspace) =>
        Assert.Throws<ArgumentException>(() =>
            CassandraSessionStore.Open(OptionsOf(keyspace), TimeProvider.System, NullLogger.Instance)
        );

    private CassandraSessionStoreOptions OptionsOf(string keyspace) =>
        new()
        {
            Keyspace = keyspace,
            Cluster = new CqlOptions { ContactPoints = [cassandra.Server.Address] },
        };

    private static Task<MigrationReport> MigrateAsync(CassandraSessionStoreOptions options) =>
        CassandraMigrator.MigrateAsync(options, null, TimeProvider.System, NullLogger.Instance, default);

    private static async Task RunAsync(TestStore store, string cql)
    {
        await using var cluster = await store.ConnectAsync();
        await cluster.QueryAsync(cql);
    }

    private static async Task AssertRefusedAsync(TestStore store, string why)
    {
        await using var opened = store.Open();
        var refusal = await Assert.ThrowsAsync<StoreMismatchException>(() =>
            opened.ReadManifestAsync(default).AsTask()
        );
        Assert.Contains($"The Cassandra keyspace {store.Options.Keyspace} {why}", refusal.Message);
    }
}
