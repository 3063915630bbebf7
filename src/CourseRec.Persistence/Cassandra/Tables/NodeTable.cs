using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>Who serves what: rows with the server's timestamps, forgotten when they are not written again.</summary>
internal sealed class NodeTable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(15);
    private readonly CqlCluster _cluster;
    private readonly CqlStatement _store;
    private readonly CqlStatement _delete;
    private readonly CqlStatement _list;

    private NodeTable(CqlCluster cluster, CqlStatement store, CqlStatement delete, CqlStatement list) =>
        (_cluster, _store, _delete, _list) = (cluster, store, delete, list);

    public static async Task<NodeTable> PrepareAsync(CqlCluster cluster, CancellationToken cancel) =>
        new(
            cluster,
            await cluster.PrepareAsync(
                "INSERT INTO node (id, url, roles, partitions, versions) VALUES (?, ?, ?, ?, ?) USING TTL ?",
                [0],
                cancel
            ),
            await cluster.PrepareAsync("DELETE FROM node WHERE id = ?", [0], cancel),
            await cluster.PrepareAsync(
                "SELECT id, url, roles, partitions, versions, WRITETIME(roles) FROM node",
                [],
                cancel
            )
        );

    public async Task StoreAsync(NodeEntry node, CancellationToken cancel)
    {
        var versions = JsonSerializer.Serialize(new(node.Program, node.Model), NodeVersionsJson.Default.NodeVersions);
        var row = _store.Bind().Text(node.Id).Text(node.Url ?? "").Text(string.Join(',', node.Roles));
        row.Text(string.Join(',', node.Partitions.Select(Show))).Text(versions).Int((int)KeptFor.TotalSeconds);
        await _cluster.ExecuteAsync(row, cancel: cancel);
    }

    public async Task DeleteAsync(string node, CancellationToken cancel) =>
        await _cluster.ExecuteAsync(_delete.Bind().Text(node), cancel: cancel);

    /// <summary>
    /// The latest written first. A row that can't be read, as of another version of the program, is left out.
    /// </summary>
    public async Task<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancel)
    {
        var found = new List<(long WrittenAt, NodeEntry Node)>();
        var row = await _cluster.ExecuteAsync(_list.Bind(), cancel: cancel);
        while (row.Read())
        {
            if (!Enumerable.Range(0, 6).Any(row.IsNull) && TryRead(row) is { } node)
                found.Add((row.BigInt(5), node));
        }
        return [.. found.OrderByDescending(entry => entry.WrittenAt).Select(entry => entry.Node)];
    }

    private static NodeEntry? TryRead(CqlRows row)
    {
        try
        {
            var versions = JsonSerializer.Deserialize(row.Text(4), NodeVersionsJson.Default.NodeVersions)!;
            return new(
                row.Text(0),
                row.Text(1) is { Length: > 0 } url ? url : null,
                [.. Split(row.Text(2)).Select(Enum.Parse<NodeRole>)],
                [.. Split(row.Text(3)).Select(Claim)],
                versions.Program,
                versions.Model
            );
        }
        catch (Exception e) when (e is JsonException or ArgumentException or FormatException or OverflowException)
        {
            return null;
        }
    }

    private static string Show(PartitionClaim claim) =>
        string.Create(CultureInfo.InvariantCulture, $"{claim.Partition}:{claim.Lag}");

    private static PartitionClaim Claim(string text)
    {
        var parts = text.Split(':', 2);
        return parts.Length == 2
            ? new(int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture))
            : throw new FormatException();
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>What runs on a node.</summary>
internal sealed record NodeVersions(string Program, string Model);

[JsonSourceGenerationOptions(RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NodeVersions))]
internal sealed partial class NodeVersionsJson : JsonSerializerContext;
