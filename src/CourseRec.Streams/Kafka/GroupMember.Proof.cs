using System.Collections.Concurrent;
using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// The proof of membership. Six times a session time-out the stored offsets are committed, which the group's
/// coordinator accepts from a member of the current generation only; nobody else can be given the partitions within a
/// session time-out from then. The proof counts from before the request was sent, and for half of that time.
/// </summary>
internal sealed partial class GroupMember
{
    private const int BeatsPerWatch = 5;
    private readonly ConcurrentDictionary<int, long> _committed = new();
    private Proof? _proof;
    private volatile bool _isAway;

    private TimeSpan BeatInterval => _services.SessionTimeout / 6;

    /// <summary>Whether the partition is held, and membership was confirmed within half a session time-out.</summary>
    public bool IsOwnershipProven(int partition) =>
        Find(partition) is { IsHeld: true }
        && Volatile.Read(ref _proof) is not null
        && !IsProofOlderThan(_services.SessionTimeout / 2);

    /// <summary>Notes what is stored; it is committed with the next beat.</summary>
    public void Commit(int partition, long next) => _committed[partition] = next;

    private bool IsProofOlderThan(TimeSpan age) =>
        Volatile.Read(ref _proof) is { } proof && _services.Time.GetElapsedTime(proof.At) >= age;

    private async Task BeatAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var next = _beatNow.Next;
            await BeatOnceAsync(stop);
            await Task.WhenAny(next, Task.Delay(BeatInterval, _services.Time, stop));
        }
        await Task.WhenAny(Blocking.RunAsync(Beat, CancellationToken.None), Task.Delay(DrainTime, _services.Time));
    }

    /// <summary>
    /// A commit has no time limit: it waits in the client for the group's coordinator, and a client that has heard of
    /// no brokers waits for ever, and does not join again meanwhile. That the group answers nobody while it waits for
    /// a silent member is as it should be.
    /// </summary>
    private async Task BeatOnceAsync(CancellationToken stop)
    {
        var began = _services.Time.GetTimestamp();
        var beat = Blocking.RunAsync(Beat, CancellationToken.None);
        while (true)
        {
            await Task.WhenAny(beat, Task.Delay(KafkaSettings.RequestTimeout, _services.Time, stop));
            if (beat.IsCompleted || stop.IsCancellationRequested)
                return;
            if (_services.Time.GetElapsedTime(began) > _services.SessionTimeout)
                OnNoAnswer(new Error(ErrorCode.Local_TimedOut));
            else
                _services.Clients.Reconnect(_kafka);
        }
    }

    private void Beat()
    {
        try
        {
            NameFirstOffsets();
            var offsets = _committed.Select(c => new TopicPartitionOffset(At(c.Key), c.Value)).ToArray();
            if (offsets.Length == 0)
            {
                _kafka.QueryWatermarkOffsets(At(0), KafkaSettings.RequestTimeout);
                return;
            }
            var sent = _services.Time.GetTimestamp();
            _kafka.Commit(offsets);
            Volatile.Write(ref _proof, new(sent));
            KafkaMetrics.Committed(_services.Topic, _services.Time.GetElapsedTime(sent));
            Forget(offsets);
            if (_isAway)
                _services.Logger.Back(_services.Servers);
            _isAway = false;
        }
        catch (KafkaException e)
        {
            OnNotConfirmed(e.Error);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    /// <summary>A partition without a commit from here yet: what is committed stands, or else where it began.</summary>
    private void NameFirstOffsets()
    {
        var nameless = Owned().Where(p => p.Next >= 0 && !_committed.ContainsKey(p.Number)).ToArray();
        if (nameless.Length == 0)
            return;
        var known = _kafka.Committed(nameless.Select(p => At(p.Number)), KafkaSettings.RequestTimeout);
        foreach (var (partition, offset) in nameless.Zip(known))
            _committed.TryAdd(partition.Number, offset.Offset.IsSpecial ? partition.Next : offset.Offset.Value);
    }

    /// <summary>What was released is committed once more, and then the next owner's.</summary>
    private void Forget(TopicPartitionOffset[] offsets)
    {
        foreach (var offset in offsets.Where(o => _owned[o.Partition] is not { IsHeld: true }))
            _committed.TryRemove(new(offset.Partition, offset.Offset));
    }

    /// <summary>
    /// During a rebalance, and before a lost membership is noticed, that is how it should be; the next beat tries
    /// again.
    /// </summary>
    private void OnNotConfirmed(Error error)
    {
        var isGroup =
            error.Code
            is ErrorCode.RebalanceInProgress
                or ErrorCode.UnknownMemberId
                or ErrorCode.IllegalGeneration
                or ErrorCode.Local_NoOffset
                or ErrorCode.Local_State;
        if (!isGroup)
            OnNoAnswer(error);
    }

    private void OnNoAnswer(Error error)
    {
        _services.Clients.Reconnect(_kafka);
        if (_isAway)
            return;
        _isAway = true;
        _services.Logger.Away(_services.Servers, _services.Clients.Explain(error));
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        for (var beat = 1; !stop.IsCancellationRequested; beat++)
        {
            await Task.WhenAll(Owned().Where(p => p.Next >= 0).Select(partition => LookAtAsync(partition, stop)));
            if (beat % BeatsPerWatch == 0 && await _services.FindReplacementAsync(stop) is { } finding)
                Fail(new LogReplacedException(finding));
            await Task.Delay(BeatInterval, _services.Time, stop);
        }
    }

    /// <summary>
    /// Looks where the partition ends; says once when records are about to go before they were delivered.
    /// </summary>
    private async Task LookAtAsync(OwnedPartition partition, CancellationToken stop)
    {
        try
        {
            var range = await _services.RangeAsync(partition.Number, stop);
            partition.Range = range;
            var (lag, kept) = (range.End - partition.Next, range.End - range.First);
            var isNear = range.First > 0 && lag > kept / 2;
            if (isNear && !partition.IsRetentionNear)
                _services.Logger.RetentionNear(partition.Number, lag, kept);
            partition.IsRetentionNear = isNear;
        }
        catch (LogUnavailableException)
        {
            // The beat says so.
        }
    }

    private sealed record Proof(long At);
}

/// <summary>
/// The topic is not the one that was opened any more; the message says what was found and what to do.
/// </summary>
public sealed class LogReplacedException(string message) : Exception(message);
