using CourseRec.Actors;
using CourseRec.Actors.Ports;
using static CourseRec.Persistence.Tests.Contract.Make;

namespace CourseRec.Persistence.Tests.Contract;

/// <summary>What every session store keeps. An adapter supplies how to open the same store again and again.</summary>
public abstract partial class SessionStoreContract : IAsyncLifetime
{
    /// <summary>The store under test; new and empty at first.</summary>
    protected ISessionStore Store { get; private set; } = null!;

    /// <summary>Opens the test's store: the same data at every call.</summary>
    protected abstract ValueTask<ISessionStore> OpenAsync();

    public virtual async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    /// <summary>Closes the store and opens it again.</summary>
    protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }

    protected async Task FlushAsync(long checkpoint, params SessionWrite[] sessions) =>
        await Store.FlushAsync(Flush(checkpoint, sessions), default);

    protected async Task<StoredSession?> LoadAsync(string user) =>
        (await Store.LoadSessionsAsync([user], default)).Single();

    /// <summary>A user's session as text: version's offset and blob; “none” when unknown.</summary>
    protected async Task<string> ShowAsync(string user) =>
        await LoadAsync(user) is { } found ? $"{found.Version.Offset}: {Text(found.Blob)}" : "none";

    protected async Task<IEnumerable<long>> OffsetsAsync(string user) =>
        await Store.ListInteractionsAsync(user, default).Select(i => i.Version.Offset).ToListAsync();

    protected async Task<string> CountersAsync(int partition = 0) =>
        Show((await Store.LoadPartitionAsync(partition, default)).Counters);

    protected async Task<string> NewerAsync(LogVersion since) => Show(await Store.LoadCountersAsync(0, since, default));

    private static string Show(IEnumerable<CounterChange> changes) =>
        string.Join(' ', changes.Select(c => $"{(c.IsSnapshot ? "=" : "+")}{c.Version.Offset}:{Text(c.Data)}"));
}
