using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

public sealed partial class KafkaLog
{
    private int _isConsumed;
    private Task _consuming = Task.CompletedTask;
    private GroupMember? _member;
    private volatile string? _replaced;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The log is consumed already.</exception>
    /// <exception cref="LogReplacedException">The topic was recreated, or has more partitions now.</exception>
    /// <remarks>
    /// Anything but <see cref="PartitionStoppedException"/> from the consumer releases all partitions and is thrown.
    /// </remarks>
    public Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop)
    {
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        if (Interlocked.Exchange(ref _isConsumed, 1) == 1)
            throw new InvalidOperationException("This log is consumed already; it has one consumer at a time.");
        return _consuming = ConsumeAllAsync(consumer, stop);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A commit that the group's coordinator accepted is the proof. Time is the machine's monotonic clock, which goes
    /// on while the process is stopped: one that was frozen wakes without proof.
    /// </remarks>
    public bool IsOwnershipProven(int partition)
    {
        At(partition);
        return _member?.IsOwnershipProven(partition) ?? false;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Sent with the next beat, at most a second later; without effect on partitions that are not consumed here.
    /// </remarks>
    public ValueTask CommitAsync(int partition, long next, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(next);
        At(partition);
        _member?.Commit(partition, next);
        return ValueTask.CompletedTask;
    }

    private async Task ConsumeAllAsync(ILogConsumer consumer, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, _closing.Token);
        try
        {
            _member = new(
                new(
                    _options.Topic,
                    Identity.Partitions,
                    _options.BootstrapServers,
                    _settings.SessionTimeout,
                    _clients,
                    (partition, cancel) => QueryRangeAsync(At(partition), cancel),
                    FindReplacementAsync,
                    _time,
                    _logger
                ),
                consumer
            );
            await _member.RunAsync(ending.Token);
        }
        finally
        {
            _member = null;
            Volatile.Write(ref _isConsumed, 0);
        }
    }

    private async Task<string?> FindReplacementAsync(CancellationToken cancel)
    {
        if (await _topics.TryIdentifyAsync(cancel) is not { } now || now == Identity)
            return null;
        return _replaced =
            now.Id != Identity.Id
                ? $"Topic {_options.Topic} was deleted and made anew (its id was {Identity.Id}, now it is "
                    + $"{now.Id}): nothing more is read or written. "
                    + "Stop the nodes and open a new generation (courserec generation open)."
                : $"Topic {_options.Topic} had {Identity.Partitions} partitions and has {now.Partitions} now, so "
                    + "that users' events are spread anew: nothing more is read or written. "
                    + "Stop the producers, copy what came since to a new topic with the partitions wanted, name it "
                    + "(Kafka:Topic), and open a new generation (courserec generation open).";
    }
}
