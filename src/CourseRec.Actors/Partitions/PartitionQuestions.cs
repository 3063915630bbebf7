using System.Collections.Concurrent;
using Akka.Actor;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Serialization;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Asks partitions on behalf of whoever is no actor. A question that nobody can answer yet is asked again, for a while;
/// so many at most are open at a partition. When the node's sessions end, so do those that are still open.
/// </summary>
internal sealed class PartitionQuestions(
    IActorRef region,
    PartitionExtractor partitions,
    SessionHostOptions options,
    TimeProvider time,
    CancellationToken ended
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<int, int> _open = new();
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _nextStart = new();

    /// <summary>Asks about a user.</summary>
    /// <exception cref="NotOwnedException">Nobody serves the partition.</exception>
    /// <exception cref="StoreUnavailableException">The store (or the log) is away, and so is the answer; or too many
    /// questions are open.</exception>
    /// <exception cref="UserParkedException">The user is parked.</exception>
    public async Task<T> AskAsync<T>(Question question, CancellationToken cancel)
    {
        var partition = partitions.PartitionOf(question)!.Value;
        if (_open.AddOrUpdate(partition, 1, (_, open) => open + 1) > options.MaxQuestions)
        {
            Close(partition);
            throw new StoreUnavailableException(
                $"{options.MaxQuestions} questions to partition {partition} wait for an answer already; ask again later."
            );
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, ended);
        try
        {
            return (T)await AnswerAsync(question, partition, either.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            throw new NotOwnedException("this node ends; ask another one");
        }
        finally
        {
            Close(partition);
        }
    }

    /// <summary>
    /// A partition has started anew, and what was asked of it before is asked again: Akka's shard regions drop what
    /// others forwarded to them while the partition was handed over.
    /// </summary>
    public void AskAgain(int partition)
    {
        if (_nextStart.TryRemove(partition, out var start))
            start.Cancel();
    }

    private void Close(int partition) => _open.AddOrUpdate(partition, 0, (_, open) => open - 1);

    private async Task<object> AnswerAsync(Question question, int partition, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var answer = await TryAskAsync(question, partition, cancel);
            if (answer is not Refusal refusal)
                return answer;
            if (refusal.Why != RefusalKind.NotYet || time.GetElapsedTime(began) >= options.WaitForOwner)
                throw Exception(refusal);
            await Task.Delay(Pause, time, cancel);
        }
    }

    /// <summary>What was asked may be lost, as with the node that it was sent to.</summary>
    private async Task<object> TryAskAsync(Question question, int partition, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(Read.AnswerTime, time);
        var start = _nextStart.GetOrAdd(partition, _ => new());
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, start.Token, cancel);
        try
        {
            return
                await region.Ask<object>(question, Timeout.InfiniteTimeSpan, either.Token) is var answer
                && answer is Unsupported
                ? new Refusal(RefusalKind.NotYet, $"a node of a newer version answers for partition {partition}")
                : answer;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Refusal(RefusalKind.NotYet, $"nobody serves partition {partition} of user {question.User} now");
        }
    }

    /// <summary>A refusal, as whoever is no actor takes it.</summary>
    public static Exception Exception(Refusal refusal) =>
        refusal.Why switch
        {
            RefusalKind.Parked => new UserParkedException(refusal.Reason),
            RefusalKind.Away or RefusalKind.Behind => new StoreUnavailableException(refusal.Reason),
            RefusalKind.Failed => new InvalidOperationException(refusal.Reason),
            _ => new NotOwnedException(refusal.Reason),
        };
}
