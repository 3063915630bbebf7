using System.Globalization;
using System.Net;
using CourseRec.Cql.Connections;
using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql.Topology;

/// <summary>Asks a node for the cluster.</summary>
internal static class TopologyReader
{
    private const string Local =
        "SELECT host_id, data_center, tokens, schema_version, cluster_name, release_version, partitioner FROM "
        + "system.local WHERE key = 'local'";
    private const string Peers =
        "SELECT host_id, data_center, tokens, schema_version, rpc_address, peer FROM system.peers";

    public static async Task<ClusterView> ReadAsync(CqlConnection connection, TimeSpan limit, CancellationToken cancel)
    {
        var local = await QueryAsync(connection, Local, limit, cancel);
        if (!local.Read() || Row(local, null) is not { } asked)
            throw new CqlProtocolException($"{connection.EndPoint} does not describe itself in system.local");
        var nodes = new List<NodeRow> { asked };
        var peers = await QueryAsync(connection, Peers, limit, cancel);
        while (peers.Read())
            if (Row(peers, Address(peers)) is { } peer)
                nodes.Add(peer);
        return new(local.Text(4), local.Text(5), local.Text(6), nodes);
    }

    /// <summary>A node that is only just joining has columns missing; it is left out until it is whole.</summary>
    private static NodeRow? Row(CqlRows rows, IPAddress? address)
    {
        for (var column = 0; column < 4; column++)
            if (rows.IsNull(column))
                return null;
        var tokens = rows.Texts(2)
            .Select(token => long.TryParse(token, CultureInfo.InvariantCulture, out var t) ? t : 0);
        return new(rows.Uuid(0), address, rows.Text(1), [.. tokens], rows.Uuid(3));
    }

    private static IPAddress Address(CqlRows peers) =>
        !peers.IsNull(4) && peers.Inet(4) is var rpc && !rpc.Equals(IPAddress.Any) && !rpc.Equals(IPAddress.IPv6Any)
            ? rpc
            : peers.Inet(5);

    private static async Task<CqlRows> QueryAsync(
        CqlConnection connection,
        string cql,
        TimeSpan limit,
        CancellationToken cancel
    )
    {
        var frame = await connection.AskAsync(Requests.Query(connection.Version, cql), limit, cancel);
        KnownColumns? known = null;
        return ResultReader.Read(frame, ref known, out _, out _);
    }
}
