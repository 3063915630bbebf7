using CourseRec.Cql;
using CourseRec.Cql.Errors;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Conditional writes (lightweight transactions, Paxos) that fail with a time-out of the server's, as under
/// contention: what was asked may or may not have happened. The driver never tries them again by itself.
/// </summary>
internal static class InDoubt
{
    /// <summary>More of them one after another are no contention, but a server that can't follow.</summary>
    private const int Attempts = 5;

    /// <summary>Tries work again that first finds out what stands, so that doing it twice is right.</summary>
    public static async Task<T> RetryAsync<T>(Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (CqlServerException e)
                when (e.Error is CqlError.WriteTimeout or CqlError.ReadTimeout && attempt < Attempts) { }
        }
    }

    /// <summary>Executes a conditional write; answers whether its condition held.</summary>
    public static async Task<bool> AppliesAsync(this CqlCluster cluster, CqlBound write, CancellationToken cancel)
    {
        var answer = await cluster.ExecuteAsync(write, cancel: cancel);
        return answer.Read() && answer.Applied;
    }
}
