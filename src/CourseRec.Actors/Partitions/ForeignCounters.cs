using System.Collections.Concurrent;
using CourseRec.Actors.Ports;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// What the partitions of other nodes have counted, as the store has it: a node ranks by all partitions, whoever holds
/// them. They are looked at one after another, and only what is new is read; where nothing is foreign, nothing. While
/// the store is away, what was read stands.
/// </summary>
internal sealed class ForeignCounters(PartitionServices services, Func<int, bool> isHeld)
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<int, CourseCounters> _current = new();
    private readonly Dictionary<int, PartitionCounters?> _followed = [];
    private readonly HashSet<int> _unusable = [];
    private bool _isAway;

    /// <summary>What a partition has counted, to lock while it is read; null when that is not known here.</summary>
    public CourseCounters? Find(int partition) => _current.GetValueOrDefault(partition);

    /// <summary>
    /// What was counted here, of a partition that is not held any more, stands until the store is read.
    /// </summary>
    public void Keep(int partition, CourseCounters counters) => _current[partition] = counters;

    /// <summary>Follows until stopped.</summary>
    public async Task FollowAsync(int partitions, CancellationToken stop)
    {
        var pause = services.Options.CountersInterval / partitions;
        using var timer = new PeriodicTimer(pause > LeastPause ? pause : LeastPause, services.Time);
        await using var ending = stop.Register(timer.Dispose);
        for (var next = 0; await timer.WaitForNextTickAsync(CancellationToken.None); next = (next + 1) % partitions)
        {
            if (isHeld(next))
            {
                _followed.Remove(next);
                _current.TryRemove(next, out _);
            }
            else if (!_followed.TryAdd(next, null)) // At the first sight it may be on its way to this node.
                await TryFollowAsync(next, stop);
        }
    }

    private async Task TryFollowAsync(int partition, CancellationToken stop)
    {
        try
        {
            var counters = await ReadAsync(partition, stop);
            (_followed[partition], _current[partition]) = (counters, counters.Courses);
            _unusable.Remove(partition);
            if (_isAway)
                ActorsLog.CountersBack(services.Logger);
            _isAway = false;
        }
        catch (StoreUnavailableException e)
        {
            if (!_isAway)
                ActorsLog.CountersAway(services.Logger, e.Message);
            _isAway = true;
        }
        catch (Exception e) when (e is PartitionStoppedException or InvalidDataException)
        {
            _followed[partition] = null;
            if (_unusable.Add(partition))
                ActorsLog.CountersUnusable(services.Logger, partition, e.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It ends.
        }
    }

    private async Task<PartitionCounters> ReadAsync(int partition, CancellationToken cancel)
    {
        if (
            _followed[partition] is { } known
            && known.TryFollow(await services.Store.LoadCountersAsync(partition, known.Stored, cancel))
        )
            return known;
        var whole = new PartitionCounters(services.Options.Baselines, services.Courses);
        whole.Restore(
            new StoredPartition(null, await services.Store.LoadCountersAsync(partition, LogVersion.None, cancel))
        );
        return whole;
    }
}
