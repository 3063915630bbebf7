using CourseRec.Actors.Ports;
using CourseRec.Cql;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>
/// Everything about one user. Session, interactions and last list have one partition key, so one batch is one write.
/// The marker of an erasure, found by the user's hash, is written before anything is deleted: what comes back later
/// stays hidden.
/// </summary>
internal sealed class UserTables
{
    // A batch is one frame and one commit-log entry: a user who did more since the last flush takes several, the
    // session in the last.
    private const int InteractionsAtOnce = 1_000;
    private readonly CqlCluster _cluster;
    private readonly SessionTable _sessions;
    private readonly InteractionTable _interactions;
    private readonly ErasureTable _erasures;
    private readonly ParkedTable _parked;

    private UserTables(
        CqlCluster cluster,
        SessionTable sessions,
        InteractionTable interactions,
        ErasureTable erasures,
        ParkedTable parked
    ) => (_cluster, _sessions, _interactions, _erasures, _parked) = (cluster, sessions, interactions, erasures, parked);

    public static async Task<UserTables> PrepareAsync(
        CqlCluster cluster,
        ParkedTable parked,
        TimeSpan interactionsKeptFor,
        CancellationToken cancel
    ) =>
        new(
            cluster,
            await SessionTable.PrepareAsync(cluster, cancel),
            await InteractionTable.PrepareAsync(cluster, interactionsKeptFor, cancel),
            await ErasureTable.PrepareAsync(cluster, cancel),
            parked
        );

    /// <summary>Applies a write; every part of it loses to a newer one.</summary>
    public async Task WriteAsync(SessionWrite write, CancellationToken cancel)
    {
        if (write.Erasure is { } erasure)
        {
            await _erasures.MarkAsync(write.User, erasure, cancel);
            await _cluster.ExecuteAsync(_parked.Delete(write.User, erasure.Version), cancel: cancel);
        }
        if (write.Blob.IsEmpty)
        {
            await DeleteAsync(write.User, write.Version, cancel);
            return;
        }
        var batch = new CqlBatch();
        if (write.Erasure is { } upTo)
            AddDeletion(batch, write.User, upTo.Version);
        foreach (var interaction in write.Interactions)
        {
            if (batch.Count >= InteractionsAtOnce)
            {
                await _cluster.ExecuteAsync(batch, cancel: cancel);
                batch = new CqlBatch();
            }
            batch.Add(_interactions.Add(write.User, interaction));
        }
        batch.Add(_sessions.Store(write.User, write.Version, write.Blob.Span));
        await _cluster.ExecuteAsync(batch, cancel: cancel);
    }

    /// <summary>A user's session, with the marker of the last erasure; null when the user is unknown.</summary>
    public async Task<StoredSession?> FindAsync(string user, CancellationToken cancel)
    {
        var finding = _sessions.FindAsync(user, cancel);
        var erasure = await _erasures.FindAsync(user, cancel);
        var found = await finding;
        if (found is not null && !await IsErasedAsync(found, erasure, cancel))
            return found with { Erasure = erasure };
        return erasure is { } marker ? new StoredSession(user, marker.Version, default, marker) : null;
    }

    /// <summary>
    /// The users that are parked. One that was erased since is none: a replica may have missed the deletion.
    /// </summary>
    public async Task<IReadOnlyList<Parking>> ListParkedAsync(CancellationToken cancel)
    {
        var parked = await _parked.ListAsync(cancel);
        for (var i = parked.Count - 1; i >= 0; i--)
        {
            if (
                await _erasures.FindAsync(parked[i].User, cancel) is { } erasure
                && erasure.Version >= parked[i].Version
            )
                parked.RemoveAt(i);
        }
        return parked;
    }

    /// <summary>Every session, page by page.</summary>
    public IAsyncEnumerable<List<StoredSession>> ListAsync(CancellationToken cancel) => _sessions.ListAsync(cancel);

    /// <summary>A listed session with its marker; null when it was erased.</summary>
    public async Task<StoredSession?> CompleteAsync(StoredSession listed, CancellationToken cancel)
    {
        var erasure = await _erasures.FindAsync(listed.User, cancel);
        return await IsErasedAsync(listed, erasure, cancel) ? null : listed with { Erasure = erasure };
    }

    /// <summary>A user's interactions, by version.</summary>
    public async IAsyncEnumerable<StoredInteraction> ListInteractionsAsync(
        string user,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        var erasure = await _erasures.FindAsync(user, cancel);
        await foreach (var interaction in _interactions.ListAsync(user, erasure?.Version ?? default, cancel))
            yield return interaction;
    }

    // A deletion is forgotten after gc_grace_seconds; a replica that missed it, or a very late writer, brings the
    // session back. The marker knows. A row that something else wrote is there in spite of any deletion, and hides
    // what is stored after it.
    private async Task<bool> IsErasedAsync(StoredSession session, Erasure? erasure, CancellationToken cancel)
    {
        if (erasure is not { } marker || session.Version > marker.Version || session.Damage is not null)
            return false;
        await DeleteAsync(session.User, marker.Version, cancel);
        return true;
    }

    private async Task DeleteAsync(string user, Actors.LogVersion upTo, CancellationToken cancel)
    {
        var batch = new CqlBatch().Add(_sessions.Delete(user, upTo));
        AddDeletion(batch, user, upTo);
        await _cluster.ExecuteAsync(batch, cancel: cancel);
    }

    private void AddDeletion(CqlBatch batch, string user, Actors.LogVersion upTo) =>
        batch.Add(_interactions.Delete(user, upTo)).Add(_sessions.DeleteRecommendation(user));
}
