using System.Collections.Concurrent;
using Confluent.Kafka;
using CourseRec.Actors.Ports;
using CourseRec.Streams.Embedded;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// This process's membership of the consumer group. One thread only polls, and makes all calls that change what is
/// fetched; partitions deliver on tasks of their own; two loops prove the membership and watch the topic.
/// </summary>
internal sealed partial class GroupMember : IFetcher
{
    private const int MaxTaken = 4096;
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);
    private readonly GroupServices _services;
    private readonly ILogConsumer _consumer;
    private readonly IConsumer<Ignore, byte[]> _kafka;
    private readonly OwnedPartition?[] _owned;
    private readonly Task[] _releases;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly Signal _beatNow = new();
    private volatile bool _isStopping;
    private volatile bool _isClosing;

    public GroupMember(GroupServices services, ILogConsumer consumer)
    {
        (_services, _consumer) = (services, consumer);
        _owned = new OwnedPartition?[services.Partitions];
        _releases = new Task[services.Partitions];
        Array.Fill(_releases, Task.CompletedTask);
        _kafka = services.Clients.Member(builder =>
            builder
                .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
                .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
                .SetPartitionsLostHandler((_, partitions) => OnLost(partitions))
        );
    }

    /// <summary>The partitions that are held now.</summary>
    public IEnumerable<OwnedPartition> Owned() => _owned.OfType<OwnedPartition>().Where(partition => partition.IsHeld);

    /// <summary>
    /// What a partition that is or was consumed here held when it was last looked at; null for others.
    /// </summary>
    public OffsetRange? RangeOf(int partition) => Find(partition) is { Next: >= 0 } owned ? owned.Range : null;

    /// <summary>Consumes until stopped; then drains every partition, and leaves the group.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        KafkaMetrics.Add(this);
        _kafka.Subscribe(_services.Topic);
        var polling = Blocking.RunAsync(Poll, CancellationToken.None);
        var beating = BeatAsync(_ending.Token);
        var watching = WatchAsync(_ending.Token);
        await Task.WhenAny(_failed.Task, Task.Delay(Timeout.InfiniteTimeSpan, _services.Time, stop));
        _isStopping = true;
        await Task.WhenAll(
            Owned().Select(partition => ReleaseAsync(partition, ReleaseReason.Revoked, CancellationToken.None))
        );
        await _ending.CancelAsync();
        await Task.WhenAll(beating, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        KafkaMetrics.Remove(this);
        _isClosing = true;
        await polling;
        if (_failed.Task.IsFaulted)
            await _failed.Task;
    }

    async Task<OffsetRange> IFetcher.RangeAsync(int partition, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await _services.RangeAsync(partition, cancel);
            }
            catch (LogUnavailableException)
            {
                // The beat says that the broker is away.
                await Task.Delay(BeatInterval, _services.Time, cancel);
            }
        }
    }

    void IFetcher.Fetch(OwnedPartition partition, long next, Action started) =>
        Command(
            partition,
            at =>
            {
                FetchFrom(at, next);
                started();
                _beatNow.Raise();
            }
        );

    void IFetcher.Pause(OwnedPartition partition) => Command(partition, at => _kafka.Pause([at]));

    void IFetcher.Resume(OwnedPartition partition, Action resumed) =>
        Command(
            partition,
            at =>
            {
                _kafka.Resume([at]);
                resumed();
            }
        );

    public void Fail(Exception reason) => _failed.TrySetException(reason);

    /// <summary>Null also for partitions that were added to the topic: nobody's, as the watch will say.</summary>
    private OwnedPartition? Find(int partition) =>
        partition < _owned.Length ? Volatile.Read(ref _owned[partition]) : null;

    private TopicPartition At(int partition) => new(_services.Topic, partition);

    /// <summary>Runs on the poll thread, if the partition is still held then.</summary>
    private void Command(OwnedPartition partition, Action<TopicPartition> command) =>
        _commands.Enqueue(() =>
        {
            if (partition.IsHeld && ReferenceEquals(_owned[partition.Number], partition))
                command(At(partition.Number));
        });

    private void FetchFrom(TopicPartition partition, long offset)
    {
        _kafka.IncrementalUnassign([partition]);
        _kafka.IncrementalAssign([new TopicPartitionOffset(partition, offset)]);
    }

    private void Poll()
    {
        try
        {
            while (!_isClosing)
                PollOnce();
            _kafka.Close();
        }
        catch (Exception e)
        {
            Fail(e);
        }
        finally
        {
            _kafka.Dispose();
        }
    }

    private void PollOnce()
    {
        while (_commands.TryDequeue(out var command))
            command();
        var taken = 0;
        while (taken++ < MaxTaken && TryConsume(taken == 1 ? PollTime : TimeSpan.Zero) is { } result)
            Find(result.Partition)
                ?.Gather(RecordFormat.Read(result.Offset, result.Message.Timestamp, result.Message.Value));
        foreach (var partition in _owned)
            partition?.HandOver();
    }

    private ConsumeResult<Ignore, byte[]>? TryConsume(TimeSpan wait)
    {
        try
        {
            return _kafka.Consume(wait);
        }
        catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            OnOutOfRange(e.ConsumerRecord, e.Error.Reason);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            Report(e.Error);
        }
        return null;
    }
}

/// <summary>What a group member works with.</summary>
/// <param name="Topic">The topic of the interactions.</param>
/// <param name="Partitions">How many it has.</param>
/// <param name="Servers">The brokers, for messages.</param>
/// <param name="SessionTimeout">After it, silence means loss.</param>
/// <param name="Clients">Makes the client.</param>
/// <param name="RangeAsync">Asks the broker for a partition's offsets.</param>
/// <param name="FindReplacementAsync">Answers what became of the topic, when it is not the one that was opened any
/// more.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Told what operators should know.</param>
internal sealed record GroupServices(
    string Topic,
    int Partitions,
    string Servers,
    TimeSpan SessionTimeout,
    KafkaClients Clients,
    Func<int, CancellationToken, Task<OffsetRange>> RangeAsync,
    Func<CancellationToken, Task<string?>> FindReplacementAsync,
    TimeProvider Time,
    ILogger Logger
);
