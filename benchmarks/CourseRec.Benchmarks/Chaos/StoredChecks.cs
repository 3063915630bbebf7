using CourseRec.Benchmarks.Harness;
using CourseRec.Node.Options;
using CourseRec.Persistence.Cassandra;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Benchmarks.Chaos;

/// <summary>
/// What must hold of the store once the nodes have ended: every accepted event is there once, by its id, and nothing
/// else.
/// </summary>
/// <param name="Losses">Accepted events that are not there.</param>
/// <param name="Duplicates">Events that are there more than once.</param>
/// <param name="Phantoms">Events that were never accepted.</param>
/// <param name="Findings">The first of each, and what verifying against the log found, a line each.</param>
internal sealed record StoredChecks(long Losses, long Duplicates, long Phantoms, IReadOnlyList<string> Findings)
{
    private const int FindingsShown = 20;

    /// <summary>Reads the store, and folds the log again.</summary>
    public static async Task<StoredChecks> RunAsync(
        LocalServers servers,
        Ledger ledger,
        string dataDir,
        CancellationToken cancel
    )
    {
        var findings = new List<string>();
        var (losses, duplicates, phantoms) = (0L, 0L, 0L);
        var options = NodeOptionsReader.Load([new("Cassandra:ContactPoints", servers.Cassandra.Address)]).Cassandra;
        await using var store = CassandraSessionStore.Open(
            options.StoreOptions,
            TimeProvider.System,
            NullLogger.Instance
        );
        foreach (var user in ledger.Users.Order())
        {
            var seen = new Dictionary<string, int>();
            await foreach (var interaction in store.ListInteractionsAsync(user, cancel))
                seen[interaction.EventId] = seen.GetValueOrDefault(interaction.EventId) + 1;
            foreach (var number in Enumerable.Range(0, ledger.AcceptedOf(user)))
            {
                if (!seen.Remove(Ledger.IdOf(user, number), out var count))
                    Note(ref losses, $"lost: {Ledger.IdOf(user, number)}");
                else if (count > 1)
                    Note(ref duplicates, $"applied {count} times: {Ledger.IdOf(user, number)}");
            }
            foreach (var id in seen.Keys)
                Note(ref phantoms, $"never accepted: {id}");
        }
        if (await VerifyAsync(servers, dataDir, cancel) is { } problem)
            findings.Add(problem);
        return new(losses, duplicates, phantoms, findings);

        void Note(ref long count, string finding)
        {
            if (count++ < FindingsShown)
                findings.Add(finding);
        }
    }

    private static async Task<string?> VerifyAsync(LocalServers servers, string dataDir, CancellationToken cancel)
    {
        try
        {
            await Courserec.VerifyAsync(dataDir, servers.NodeFlags, cancel);
            return null;
        }
        catch (ProcessException e)
        {
            return e.Message;
        }
    }
}
