using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseRec.Node.Cli;

namespace CourseRec.Node.Bench;

/// <summary>
/// The same load through the npm package <c>cassandra-driver</c> (cassandra_peer.cjs), in a Node.js process of its own: one JSON command a line to it,
/// one JSON line back.
/// </summary>
internal sealed class CassandraPeer : IDisposable
{
    private const string Script = "cassandra_peer.cjs";
    private const string Advice =
        "CourseRec is measured alone. For the comparison: scripts/cassandra fetch, or name the folder of another node_modules with --modules";

    private readonly Process _process;
    private readonly DirectoryInfo _folder;

    private CassandraPeer(Process process, DirectoryInfo folder) => (_process, _folder) = (process, folder);

    /// <summary>The package's version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Starts it.</summary>
    /// <returns>The peer, or null and why there is none, in one line with what to do.</returns>
    public static (CassandraPeer? Peer, string? Problem) Start(CassandraBenchPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("courserec-peer-");
        var start = new ProcessStartInfo(plan.Node, [Unpack(folder)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["NODE_PATH"] = Path.GetFullPath(plan.Modules);
        try
        {
            var peer = new CassandraPeer(Process.Start(start)!, folder);
            var hello = peer.Read();
            if (hello["version"] is { } version)
            {
                peer.Version = (string)version!;
                return (peer, null);
            }
            peer.Dispose();
            return (null, $"'{plan.Node}' has no cassandra-driver ({hello["problem"]}): {Advice}.");
        }
        catch (Win32Exception e)
        {
            folder.Delete(recursive: true);
            return (null, $"'{plan.Node}' can't be run ({e.Message}): {Advice}.");
        }
    }

    /// <summary>Connects it.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="dataCentre">The data centre, which this driver must be told.</param>
    public void Connect(CassandraBenchPlan plan, string dataCentre) =>
        Ask(
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
        var answer = Ask(
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
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private JsonNode Ask(JsonObject command)
    {
        _process.StandardInput.WriteLine(command.ToJsonString());
        var answer = Read();
        return answer["problem"] is { } problem
            ? throw new CliException($"The npm driver failed to {command["do"]}: {problem}.")
            : answer;
    }

    private JsonNode Read() =>
        _process.StandardOutput.ReadLine() is { } line
            ? JsonNode.Parse(line)!
            : throw new CliException("The npm driver's process has ended: what it said itself stands above.");

    private static string Unpack(DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, Script);
        using var source = typeof(CassandraPeer).Assembly.GetManifestResourceStream(Script)!;
        using var file = File.Create(path);
        source.CopyTo(file);
        return path;
    }
}
