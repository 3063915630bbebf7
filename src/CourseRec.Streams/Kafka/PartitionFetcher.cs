using System.Collections.Concurrent;
using Confluent.Kafka;
using CourseRec.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// Fetches the partitions that are followed here, with one client, in no group's name. One thread only polls, and makes
/// all calls that change what is fetched.
/// </summary>
internal sealed class PartitionFetcher : IAsyncDisposable
{
    private const int MaxTaken = 4096;
    private static readonly TimeSpan PollTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly KafkaClients _clients;
    private readonly string _topic;
    private readonly Func<int, CancellationToken, Task<OffsetRange>> _range;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FollowedPartition?[] _followed;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _polling;
    private IConsumer<Ignore, byte[]> _client;
    private volatile Exception? _failure;
    private string? _refusal;

    /// <param name="clients">Makes the client.</param>
    /// <param name="topic">The topic of the interactions.</param>
    /// <param name="partitions">How many it has.</param>
    /// <param name="range">Asks the broker for a partition's offsets.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told what operators should know.</param>
    public PartitionFetcher(
        KafkaClients clients,
        string topic,
        int partitions,
        Func<int, CancellationToken, Task<OffsetRange>> range,
        TimeProvider time,
        ILogger logger
    )
    {
        (_clients, _topic, _range, _time, _logger) = (clients, topic, range, time, logger);
        _followed = new FollowedPartition?[partitions];
        _client = clients.Fetcher();
        _polling = Blocking.RunAsync(Poll, CancellationToken.None);
        KafkaMetrics.Add(this);
    }

    /// <summary>The partitions that are followed now.</summary>
    public IEnumerable<FollowedPartition> Followed =>
        Enumerable.Range(0, _followed.Length).Select(Find).OfType<FollowedPartition>();

    /// <summary>The partition, while it is followed.</summary>
    public FollowedPartition? Find(int partition) => Volatile.Read(ref _followed[partition]);

    /// <summary>Follows a partition, instead of whoever did before.</summary>
    /// <param name="partition">Which one.</param>
    /// <param name="from">The first offset wanted.</param>
    /// <param name="range">What it holds.</param>
    public FollowedPartition Follow(int partition, long from, OffsetRange range)
    {
        var followed = new FollowedPartition(new(_topic, partition), from, _time) { Range = range };
        _commands.Enqueue(() => Start(followed));
        if (_failure is { } reason)
            followed.Fail(reason);
        return followed;
    }

    /// <summary>Ends it, unless another one follows the partition already.</summary>
    public void Leave(FollowedPartition followed) =>
        _commands.Enqueue(() =>
        {
            if (IsCurrent(followed))
                Stop(followed);
        });

    /// <summary>The broker did not answer somebody: the client may need its address again.</summary>
    public void Reconnect() => _commands.Enqueue(() => _clients.Reconnect(_client));

    /// <summary>
    /// Goes on with a new client. After a broker's restart one may get nothing ever again, whatever is assigned to it:
    /// librdkafka's issue 4916.
    /// </summary>
    public void Renew() =>
        _commands.Enqueue(() =>
        {
            _ = Blocking.RunAsync(_client.Dispose, CancellationToken.None);
            _client = _clients.Fetcher();
            foreach (var followed in Followed)
                followed.Start(_client);
        });

    /// <summary>Fails everything that is and will be followed.</summary>
    public void Fail(Exception reason)
    {
        _failure = reason;
        foreach (var followed in Followed)
            followed.Fail(reason);
    }

    public async ValueTask DisposeAsync()
    {
        KafkaMetrics.Remove(this);
        await _closing.CancelAsync();
        await _polling;
    }

    private bool IsCurrent(FollowedPartition followed) => ReferenceEquals(_followed[followed.Number], followed);

    private void Start(FollowedPartition followed)
    {
        if (_followed[followed.Number] is { } before)
        {
            before.Fail(new InvalidOperationException($"Partition {followed.Number} is followed by another reader."));
            Stop(before);
        }
        Volatile.Write(ref _followed[followed.Number], followed);
        if (_failure is { } reason)
            followed.Fail(reason);
        followed.Start(_client);
    }

    private void Stop(FollowedPartition followed)
    {
        Volatile.Write(ref _followed[followed.Number], null);
        followed.Stop();
    }

    private void Poll()
    {
        try
        {
            while (!_closing.IsCancellationRequested)
                PollOnce();
            Fail(new ObjectDisposedException(nameof(KafkaLog)));
            _client.Close();
        }
        catch (Exception e)
        {
            _logger.FetchEnded(e.Message, e);
            Fail(new LogUnavailableException($"Kafka is read no more: {e.Message} Start this node again.", e));
        }
        finally
        {
            _client.Dispose();
        }
    }

    private void PollOnce()
    {
        while (_commands.TryDequeue(out var command))
            command();
        var taken = 0;
        while (taken++ < MaxTaken && TryConsume(taken == 1 ? PollTime : TimeSpan.Zero) is { } result)
            Find(result.Partition)?.Gather(result);
        foreach (var followed in _followed)
            followed?.HandOver();
    }

    private ConsumeResult<Ignore, byte[]>? TryConsume(TimeSpan wait)
    {
        try
        {
            return _client.Consume(wait);
        }
        catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
        {
            if (Find(e.ConsumerRecord.Partition) is { } followed)
                _ = LookAgainAsync(followed);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            Report(e.Error);
        }
        return null;
    }

    /// <summary>
    /// The client found an offset to be outside of the topic, maybe one that was wanted before: the broker is asked
    /// what is there.
    /// </summary>
    private async Task LookAgainAsync(FollowedPartition followed)
    {
        try
        {
            var range = await _range(followed.Number, _closing.Token);
            if (Outside(followed.Number, followed.Expected, range) is { } finding)
                followed.Fail(finding);
        }
        catch (Exception e) when (e is LogUnavailableException || _closing.IsCancellationRequested)
        {
            // Fetched again, it is found again.
        }
        await Task.Delay(RetryAfter, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _commands.Enqueue(() => FetchAgain(followed));
    }

    private void FetchAgain(FollowedPartition followed)
    {
        if (!IsCurrent(followed))
            return;
        followed.Stop();
        followed.Start(_client);
    }

    /// <summary>Why a partition can't be read from an offset on; null when it can.</summary>
    public static PartitionStoppedException? Outside(int partition, long from, OffsetRange range)
    {
        if (from > range.End)
            return new(
                $"Partition {partition} was to be read from offset {from}, and the topic ends at {range.End}. The log "
                    + "is older than what was stored of it: put the right one back, or open a new generation "
                    + "(courserec generation open)."
            );
        if (from < range.First)
            return new(
                $"Partition {partition} was to be read from offset {from}, and the topic begins at {range.First} now: "
                    + "records went before they were folded. Raise the topic's retention, and open a new generation "
                    + "(courserec generation open)."
            );
        return null;
    }

    private void Report(Error error)
    {
        if (error.IsLocalError || error.Reason == _refusal)
            return;
        _refusal = error.Reason;
        _logger.Refused(error.Reason);
    }
}
