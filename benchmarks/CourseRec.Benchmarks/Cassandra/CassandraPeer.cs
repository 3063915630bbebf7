using System.ComponentModel;
using System.Text.Json.Nodes;
using CourseRec.Benchmarks.Harness;

namespace CourseRec.Benchmarks.Cassandra;

/// <summary>
/// The same load through the npm package <c>cassandra-driver</c> (cassandra_peer.cjs), in a Node.js process of its
/// own: one JSON command a line to it, one JSON line back.
/// </summary>
internal sealed class CassandraPeer : IDisposable
{
    private const string Script = "cassandra_peer.cjs";
    private const string Advice =
        "CourseRec is measured alone. For the comparison: scripts/cassandra fetch, or name the folder of another "
        + "node_modules with --modules";

    private readonly ScriptPeer _peer;

    private CassandraPeer(ScriptPeer peer, string version) => (_peer, Version) = (peer, version);

    /// <summary>The package's version.</summary>
    public string Version { get; }

    /// <summary>Starts it.</summary>
    /// <returns>The peer, or null and why there is none, in one line with what to do.</returns>
    public static (CassandraPeer? Peer, string? Problem) Start(CassandraBenchPlan plan)
    {
        try
        {
            var peer = ScriptPeer.Start(
                "The npm driver",
                plan.Node,
                Script,
                ("NODE_PATH", Path.GetFullPath(plan.Modules))
            );
            var hello = peer.Read();
            if (hello["version"] is { } version)
                return (new(peer, (string)version!), null);
            peer.Dispose();
            return (null, $"'{plan.Node}' has no cassandra-driver ({hello["problem"]}): {Advice}.");
        }
        catch (Win32Exception e)
        {
            return (null, $"'{plan.Node}' can't be run ({e.Message}): {Advice}.");
        }
    }

    /// <summary>Connects it.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="dataCentre">The data centre, which this driver must be told.</param>
    public void Connect(CassandraBenchPlan plan, string dataCentre) =>
        _peer.Ask(
            new JsonObject
            {
                ["do"] = "connect",
                ["address"] = plan.Address,
                ["dataCentre"] = dataCentre,
                ["connections"] = plan.Connections,
                ["write"] = CassandraBenchPlan.Write,
                ["read"] = CassandraBenchPlan.Read,
                ["bytes"] = plan.Bytes,
                ["users"] = plan.Users,
                ["version"] = 1L << 40,
            }
        );

    /// <summary>So many callers, each asking again when it has its answer.</summary>
    public CassandraRun Run(CassandraBenchPlan plan, CassandraLoad load, double seconds)
    {
        var answer = _peer.Ask(
            new JsonObject
            {
                ["do"] = "load",
                ["what"] = load == CassandraLoad.Write ? "write" : "read",
                ["seconds"] = seconds,
                ["callers"] = plan.Callers,
            }
        );
        return new(
            (long)answer["operations"]!,
            (double)answer["seconds"]!,
            (double)answer["clientCpuSeconds"]!,
            (double)answer["p50Ms"]!,
            (double)answer["p99Ms"]!
        );
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => _peer.Dispose();
}
