using System.Collections.Concurrent;
using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The partitions that this process has, as their actors leave them for whoever looks from outside. Safe for concurrent
/// use.
/// </summary>
/// <param name="released">Told of a partition that is not here any more, with what it had counted.</param>
internal sealed class HeldPartitions(Action<int, CourseCounters> released)
{
    private readonly ConcurrentDictionary<int, HeldPartition> _held = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isEnding;

    /// <summary>All of them, by number.</summary>
    public IEnumerable<HeldPartition> All => _held.Values.OrderBy(partition => partition.Number);

    /// <summary>A partition; null when it is not here.</summary>
    public HeldPartition? Find(int partition) => _held.GetValueOrDefault(partition);

    /// <summary>A partition's actor starts.</summary>
    public void Add(HeldPartition partition) => _held[partition.Number] = partition;

    /// <summary>A partition's actor ends. The next one of the same partition may have started meanwhile.</summary>
    public void Remove(HeldPartition partition)
    {
        if (_held.TryRemove(new(partition.Number, partition)))
            released(partition.Number, partition.Counters.Courses);
        CheckEnded();
    }

    /// <summary>No more are to come. Completes when none is here.</summary>
    public Task EndAsync()
    {
        _isEnding = true;
        CheckEnded();
        return _ended.Task;
    }

    private void CheckEnded()
    {
        if (_isEnding && _held.IsEmpty)
            _ended.TrySetResult();
    }
}

/// <summary>A partition that this process has.</summary>
/// <param name="Number">The partition.</param>
/// <param name="Counters">What it has counted; lock the courses' while reading.</param>
/// <param name="Progress">How far it is.</param>
internal sealed record HeldPartition(int Number, PartitionCounters Counters, PartitionProgress Progress)
{
    /// <summary>What a contender has come to in it.</summary>
    public JudgeTotals JudgedBy(string contender)
    {
        lock (Counters.Courses)
            return Counters.Judged.GetValueOrDefault(contender);
    }
}
