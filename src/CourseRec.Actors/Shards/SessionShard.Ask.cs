using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Shards;

internal sealed partial class SessionShard
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    /// <summary>Asks about a user; answered after everything posted before.</summary>
    /// <exception cref="NotOwnedException">The partition is not served here, or stopped.</exception>
    /// <exception cref="StoreUnavailableException">The store (or the log) is away, and so is the answer.</exception>
    public async Task<T> AskAsync<T>(string user, Func<SessionShard, SessionCell, T> read, CancellationToken cancel)
    {
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var answer = AnswerAsync(new ShardMessage.Read<T>(user, read), givenUp.Token);
        while (true)
        {
            try
            {
                return await answer.WaitAsync(AnswerPatience, _services.Time, cancel);
            }
            catch (TimeoutException) when (_waitsFor is { } away)
            {
                await givenUp.CancelAsync();
                throw new StoreUnavailableException($"Partition {_partition} waits: {away}");
            }
            catch (TimeoutException)
            {
                // Busy, as with what it has to catch up: the answer comes.
            }
        }
    }

    private async Task<T> AnswerAsync<T>(ShardMessage.Read<T> question, CancellationToken cancel)
    {
        await PostAsync(question, cancel);
        return await question.Result.WaitAsync(cancel);
    }
}
