using Confluent.Kafka;
using CourseRec.Actors;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

/// <summary>What Kafka says of partitions; always on the poll thread.</summary>
internal sealed partial class GroupMember
{
    private static readonly Offset Nowhere = LogVersion.MaxOffset;
    private string? _refusal;

    /// <summary>
    /// Kafka's client wants an offset at once, and the one to begin at may need the store: until that has answered,
    /// the partition is assigned at an offset that is in no topic. Nothing is fetched there. (Not at the logical end:
    /// the client may look that up late, and jump to it when it is fetching from another offset already. Nor paused:
    /// going on from a pause discards what was fetched.)
    /// </summary>
    private IEnumerable<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        if (partitions.Count > 0)
            _services.Logger.Assigned(Names(partitions));
        KafkaMetrics.Assigned(partitions.Count);
        foreach (var partition in Known(partitions).Where(_ => !_isStopping))
            Own(partition);
        return partitions.Select(partition => new TopicPartitionOffset(partition, Nowhere));
    }

    /// <summary>
    /// A member that was halted may be told “revoked” when it wakes, and others own the partitions already: what
    /// counts is the proof. The group's coordinator counts from the last heartbeat, which may have come two beats
    /// before the commit that proved the membership.
    /// </summary>
    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        if (IsProofOlderThan(_services.SessionTimeout - 2 * BeatInterval))
        {
            OnLost(partitions);
            return;
        }
        if (partitions.Count > 0)
            _services.Logger.Revoked(Names(partitions.Select(p => p.TopicPartition)));
        KafkaMetrics.Revoked(partitions.Count);
        Release(partitions, ReleaseReason.Revoked);
    }

    private void OnLost(List<TopicPartitionOffset> partitions)
    {
        if (partitions.Count > 0)
            _services.Logger.Lost(Names(partitions.Select(p => p.TopicPartition)));
        KafkaMetrics.Lost(partitions.Count);
        Release(partitions, ReleaseReason.Lost);
    }

    private void Own(int partition)
    {
        var owned = new OwnedPartition(partition, _consumer, this, _services.Time, _services.Logger);
        Volatile.Write(ref _owned[partition], owned);
        owned.Start(_releases[partition]);
    }

    /// <summary>Waits for the drain, no longer than the others can wait; then what is left is discarded.</summary>
    private void Release(List<TopicPartitionOffset> partitions, ReleaseReason reason)
    {
        Unpause(partitions);
        var discard = new CancellationTokenSource(DrainTime, _services.Time);
        var released = Known(partitions.Select(p => p.TopicPartition))
            .Select(Find)
            .OfType<OwnedPartition>()
            .Select(partition => (partition.Number, Task: ReleaseAsync(partition, reason, discard.Token)))
            .ToArray();
        if (Task.WaitAll([.. released.Select(r => r.Task)], DrainTime) || reason == ReleaseReason.Lost)
            return;
        foreach (var (partition, _) in released.Where(r => !r.Task.IsCompleted))
            _services.Logger.Discarded(partition, DrainTime);
    }

    /// <summary>The client remembers a pause beyond the assignment.</summary>
    private void Unpause(List<TopicPartitionOffset> partitions)
    {
        try
        {
            _kafka.Resume(partitions.Select(p => p.TopicPartition));
        }
        catch (KafkaException e)
        {
            Report(e.Error);
        }
    }

    private Task ReleaseAsync(OwnedPartition partition, ReleaseReason reason, CancellationToken discard)
    {
        if (reason == ReleaseReason.Lost)
            _committed.TryRemove(partition.Number, out _);
        return _releases[partition.Number] = partition.ReleaseAsync(reason, discard);
    }

    /// <summary>
    /// Nowhere is out of range, as it should be. When the client says so only after the consumer has answered, it may
    /// have stopped fetching, and is told once more where from.
    /// </summary>
    private void OnOutOfRange(ConsumeResult<byte[], byte[]> where, string problem)
    {
        if (Find(where.Partition) is not { IsHeld: true, Next: >= 0 } owned || _isStopping)
            return;
        if (where.Offset == Nowhere)
            FetchFrom(At(owned.Number), owned.Expected);
        else
            AssignAnew(owned, problem);
    }

    /// <summary>
    /// Its offset is not in the topic: trimmed, cut or recreated. What is read is stored; then the consumer sees the
    /// offsets that are there, compares, and says where to go on or why not.
    /// </summary>
    private void AssignAnew(OwnedPartition owned, string problem)
    {
        _services.Logger.OutOfRange(owned.Number, problem);
        _releases[owned.Number] = ReleaseThenRestAsync(owned);
        Own(owned.Number);
    }

    private async Task ReleaseThenRestAsync(OwnedPartition owned)
    {
        await owned.ReleaseAsync(ReleaseReason.Revoked, CancellationToken.None);
        await Task.Delay(BeatInterval, _services.Time);
    }

    private void Report(Error error)
    {
        if (error.IsLocalError || error.Reason == _refusal)
            return;
        _refusal = error.Reason;
        _services.Logger.Refused(error.Reason);
    }

    /// <summary>Partitions that were added to the topic are nobody's: the watch says so.</summary>
    private IEnumerable<int> Known(IEnumerable<TopicPartition> partitions) =>
        partitions.Select(p => p.Partition.Value).Where(p => p < _owned.Length);

    private static string Names(IEnumerable<TopicPartition> partitions) =>
        string.Join(", ", partitions.Select(p => p.Partition.Value).Order());
}
