using System.Text.Json;

namespace CourseRec.Persistence.Tests.Cassandra;

/// <summary>Another language's driver (<c>tools/cassandra/dump.mjs</c>): what it reads is what is there.</summary>
internal static class OtherClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Every row of the store, by table.</summary>
    public static async Task<Dictionary<string, Dictionary<string, string?>[]>> DumpAsync(TestStore store)
    {
        using var limit = new CancellationTokenSource(Patience);
        var script = Repository.PathOf("tools", "cassandra", "dump.mjs");
        string[] arguments = [script, store.Options.Cluster.ContactPoints[0], store.Options.Keyspace];
        var json = await Subprocess.SucceedAsync(new("node", arguments), cancel: limit.Token);
        return JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, string?>[]>>(json)!;
    }
}
