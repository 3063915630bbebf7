using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CourseRec.Streams.Kafka;

/// <summary>
/// Tells Kafka what is stored, in the name of a consumer group that has no members: for lag displays, and nothing else.
/// Kafka forgets commits some time after the last one: those of quiet partitions are renewed.
/// </summary>
/// <param name="kafka">A client of the group, apart from the one that fetches: a commit that waits for its answer keeps
/// a client from beginning with other partitions.</param>
/// <param name="group">The group.</param>
/// <param name="topic">The topic of the interactions.</param>
/// <param name="isFollowed">Whether a partition is followed here.</param>
/// <param name="clients">Explains errors.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what operators should know.</param>
internal sealed class GroupCommits(
    IConsumer<byte[], byte[]> kafka,
    string group,
    string topic,
    Func<int, bool> isFollowed,
    KafkaClients clients,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan LastLimit = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<int, long> _noted = new();
    private readonly Dictionary<int, (long Next, long At)> _sent = [];
    private bool _isFailing;

    private string HasMembers =>
        $"Kafka's consumer group {group} has members: stop the nodes or consumers that use it, or choose another "
        + "Kafka:GroupId.";

    /// <summary>Notes what is stored; it is sent within a second or so.</summary>
    public void Note(int partition, long next) => _noted[partition] = next;

    /// <summary>
    /// Commits once more something that was committed: Kafka takes it from who is no member only when there are none.
    /// </summary>
    /// <param name="partitions">How many the topic has.</param>
    /// <exception cref="KafkaSettingsException">The group has members.</exception>
    /// <exception cref="KafkaException">Kafka does not answer.</exception>
    public void RequireNoMembers(int partitions)
    {
        var asked = Enumerable.Range(0, partitions).Select(At);
        var known = kafka.Committed(asked, KafkaSettings.RequestTimeout).Where(o => !o.Offset.IsSpecial).Take(1);
        try
        {
            foreach (var offset in known)
                kafka.Commit([offset]);
        }
        catch (KafkaException e) when (IsForMembers(e))
        {
            throw new KafkaSettingsException(HasMembers, e);
        }
    }

    /// <summary>
    /// Sends what was noted, again and again, and a last time when stopped. Answers whether Kafka has answered all: the
    /// client must not be disposed of while a commit waits in it.
    /// </summary>
    public async Task<bool> RunAsync(CancellationToken stop)
    {
        var sending = Task.CompletedTask;
        while (!stop.IsCancellationRequested)
        {
            if (sending.IsCompleted)
                sending = SendAsync();
            await sending
                .WaitAsync(KafkaSettings.RequestTimeout, time, stop)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!sending.IsCompleted && !stop.IsCancellationRequested)
                OnFailed(new Error(ErrorCode.Local_TimedOut));
            await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        var last = SendLastAsync(sending);
        return await Task.WhenAny(last, Task.Delay(LastLimit, time)) == last;
    }

    private static bool IsForMembers(KafkaException e) =>
        IsForMembers(e.Error)
        || (e is TopicPartitionOffsetException { Results: var results } && results.Any(r => IsForMembers(r.Error)));

    private static bool IsForMembers(Error error) =>
        error.Code is ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.RebalanceInProgress;

    private TopicPartition At(int partition) => new(topic, partition);

    private async Task SendLastAsync(Task sending)
    {
        await sending;
        await SendAsync();
    }

    /// <summary>A commit waits in the client for the group's coordinator, without a time limit.</summary>
    private Task SendAsync()
    {
        Forget();
        var due = _noted.Where(IsDue).ToArray();
        return due.Length == 0 ? Task.CompletedTask : Blocking.RunAsync(() => Send(due), CancellationToken.None);
    }

    /// <summary>What is followed elsewhere is renewed there.</summary>
    private void Forget()
    {
        foreach (var (partition, sent) in _sent)
        {
            if (isFollowed(partition))
                continue;
            _noted.TryRemove(new(partition, sent.Next));
            _sent.Remove(partition);
        }
    }

    private bool IsDue(KeyValuePair<int, long> noted)
    {
        if (!_sent.TryGetValue(noted.Key, out var sent) || sent.Next != noted.Value)
            return true;
        return time.GetElapsedTime(sent.At) >= RenewAfter;
    }

    private void Send(KeyValuePair<int, long>[] due)
    {
        var started = time.GetTimestamp();
        try
        {
            kafka.Commit(due.Select(d => new TopicPartitionOffset(At(d.Key), d.Value)));
            KafkaMetrics.Committed(topic, time.GetElapsedTime(started));
            foreach (var (partition, next) in due)
                _sent[partition] = (next, started);
            _isFailing = false;
        }
        catch (KafkaException e) when (IsForMembers(e))
        {
            Report(HasMembers);
        }
        catch (KafkaException e)
        {
            OnFailed(e.Error);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile.
        }
    }

    private void OnFailed(Error error)
    {
        clients.Reconnect(kafka);
        Report(clients.Explain(error));
    }

    private void Report(string problem)
    {
        if (!_isFailing)
            logger.CommitsFail(group, problem);
        _isFailing = true;
    }
}
