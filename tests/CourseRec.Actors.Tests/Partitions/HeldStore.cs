using System.Collections.Concurrent;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>A store whose calls last until the test lets them go on, or fail as it says.</summary>
internal sealed class HeldStore(ISessionStore inner) : DelegatingStore
{
    private volatile Task _restoring = Task.CompletedTask;
    private volatile Task _loading = Task.CompletedTask;

    /// <summary>What storing waits for; it can't be cancelled meanwhile.</summary>
    public volatile Task Storing = Task.CompletedTask;

    /// <summary>The users that were looked up.</summary>
    public ConcurrentQueue<string> Loaded { get; } = new();

    /// <summary>What was to be stored.</summary>
    public ConcurrentQueue<PartitionFlush> Flushes { get; } = new();

    protected override ISessionStore Inner => inner;

    /// <summary>Holds back who looks a partition up.</summary>
    public TaskCompletionSource HoldRestoring() => Hold(task => _restoring = task);

    /// <summary>Holds back who looks users up.</summary>
    public TaskCompletionSource HoldLoading() => Hold(task => _loading = task);

    /// <summary>Holds back who stores.</summary>
    public TaskCompletionSource HoldStoring() => Hold(task => Storing = task);

    public override async ValueTask<StoredPartition> LoadPartitionAsync(int partition, CancellationToken cancel)
    {
        await _restoring;
        return await inner.LoadPartitionAsync(partition, cancel);
    }

    public override async ValueTask<StoredSession?[]> LoadSessionsAsync(
        IReadOnlyList<string> users,
        CancellationToken cancel
    )
    {
        foreach (var user in users)
            Loaded.Enqueue(user);
        await _loading;
        return await inner.LoadSessionsAsync(users, cancel);
    }

    public override async ValueTask FlushAsync(PartitionFlush flush, CancellationToken cancel)
    {
        Flushes.Enqueue(flush);
        await Storing;
        await inner.FlushAsync(flush, CancellationToken.None);
    }

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private static TaskCompletionSource Hold(Action<Task> wait)
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        wait(hold.Task);
        return hold;
    }
}
