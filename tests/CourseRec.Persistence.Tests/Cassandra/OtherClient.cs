using System.Diagnostics;
using System.Text.Json;

namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>Another language's driver (<c>tools/cassandra/dump.mjs</c>): what it reads is what is there.</summary>
internal static class OtherClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Every row of the store, by table.</summary>
    public static async Task<Dictionary<string, Dictionary<string, string?>[]>> DumpAsync(TestStore store)
    {
        var json = await RunAsync(store.Options.Cluster.ContactPoints[0], store.Options.Keyspace);
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string?>[]>>(json)!;
    }

    private static async Task<string> RunAsync(string address, string keyspace)
    {
        var script = Repository.PathOf("tools", "cassandra", "dump.mjs");
        var start = new ProcessStartInfo("node", [script, address, keyspace])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
