using CourseRec.Actors.Ports;
using static CourseRec.Streams.Tests.Contract.Records;

namespace CourseRec.Streams.Tests.Kafka;

[Collection(KafkaCollection.Name)]
public sealed class KafkaRebalanceTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task Every_record_is_folded_once_while_a_second_consumer_joins_and_leaves_under_load()
    {
        var (first, second) = (await _topics.OpenAsync(), await _topics.OpenAsync());
        var partitions = first.Identity.Partitions;
        var fold = new SharedFold(partitions);
        using var done = new CancellationTokenSource();
        await using var staying = Consumption.Start(first, fold.NewMember());
        var load = Task.Run(() => AppendUntilAsync(first, partitions, done.Token));
        var watch = Task.Run(() => WatchAsync(first, second, partitions, done.Token));
        // A member whose proof lapses, as on a machine that stands still, may lose what it has: then there is another
        // round.
        for (var (round, inOrder) = (1, 0); inOrder < 2; round++)
        {
            Assert.True(round <= 5, $"in {round - 1} rounds the second left {inOrder} times in order");
            await Eventually.HoldsAsync(
                () => Enumerable.Range(0, partitions).All(first.IsOwnershipProven),
                () => "the first has not got everything"
            );
            var (member, isProven) = (fold.NewMember(), true);
            await using (Consumption.Start(second, member))
            {
                await Eventually.HoldsAsync(
                    () => member.Held.Count == partitions / 2 && member.Held.All(second.IsOwnershipProven),
                    () => $"the second has {string.Join(", ", member.Held)}"
                );
                var folded = fold.Folded;
                await Eventually.HoldsAsync(
                    () =>
                    {
                        isProven &= member.Held.Count > 0 && member.Held.All(second.IsOwnershipProven);
                        return fold.Folded > folded + 2_000;
                    },
                    () => $"{fold.Folded} folded"
                );
            }
            if (!isProven)
                continue;
            Assert.All(member.Released, released => Assert.Equal(ReleaseReason.Revoked, released.Reason));
            inOrder++;
        }
        await done.CancelAsync();
        var (acknowledged, refused) = await load;
        var appended = 0L;
        for (var partition = 0; partition < partitions; partition++)
            appended += (await second.RangeAsync(partition, CancellationToken.None)).End;
        await Eventually.HoldsAsync(() => fold.Folded == appended, () => $"{fold.Folded} of {appended} folded");
        Assert.InRange(appended, acknowledged, acknowledged + refused);
        Assert.Empty(fold.Gaps);
        Assert.Equal(0, await watch);
    }

    [Fact]
    public async Task What_is_not_drained_within_a_second_is_discarded_and_its_next_owner_goes_on()
    {
        // A member whose proof lapses, as on a machine that stands still, has lost its partitions: then there is
        // another round.
        for (var round = 1; !await IsDiscardedAsync(); round++)
            Assert.True(round < 5, $"in {round} rounds the first lost its partitions");
    }

    /// <summary>False: the one that does not drain was not asked to, as its proof had lapsed.</summary>
    private async Task<bool> IsDiscardedAsync()
    {
        await using var topics = new KafkaTopics(kafka.Broker);
        var (first, second) = (await topics.OpenAsync(), await topics.OpenAsync());
        var stuck = new TaskCompletionSource();
        var slow = new Recorder { OnRecords = (_, _) => stuck.Task };
        await using var holding = await Consumption.StartAsync(first, slow);
        try
        {
            for (var partition = 0; partition < first.Identity.Partitions; partition++)
                await first.AppendAsync(Numbered(partition, 3));
            await slow.UntilDeliveredAsync(first.Identity.Partitions);
            var taker = new Recorder();
            await using var taking = Consumption.Start(second, taker);
            await taker.UntilDeliveredAsync(6);
            if (topics.Logger.Contains("were lost"))
                return false;
            Assert.Empty(slow.Released);
            Assert.True(topics.Logger.Contains("was not drained within"), string.Join('\n', topics.Logger.Messages));
            stuck.SetResult();
            await Eventually.HoldsAsync(() => slow.Released.Count == 2, () => $"{slow.Released.Count} released");
            return true;
        }
        finally
        {
            // Otherwise a failure would wait for it for ever.
            stuck.TrySetResult();
        }
    }

    /// <summary>
    /// Answers how many records were acknowledged, and how many were not by a broker that is too busy: these are in
    /// the log or not.
    /// </summary>
    private static async Task<(long Acknowledged, long Refused)> AppendUntilAsync(
        IInteractionLog log,
        int partitions,
        CancellationToken done
    )
    {
        const int atOnce = 20;
        var (acknowledged, refused) = (0L, 0L);
        for (var first = 0; !done.IsCancellationRequested; first += atOnce)
        {
            for (var partition = 0; partition < partitions; partition++)
                try
                {
                    await log.AppendAsync(Numbered(partition, atOnce, first));
                    acknowledged += atOnce;
                }
                catch (LogUnavailableException)
                {
                    refused += atOnce;
                }
        }
        return (acknowledged, refused);
    }

    /// <summary>Answers how often a partition was proven to be two processes' at once.</summary>
    private static async Task<int> WatchAsync(
        IInteractionLog first,
        IInteractionLog second,
        int partitions,
        CancellationToken done
    )
    {
        var twice = 0;
        while (!done.IsCancellationRequested)
        {
            twice += Enumerable
                .Range(0, partitions)
                .Count(p => first.IsOwnershipProven(p) && second.IsOwnershipProven(p));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, CancellationToken.None);
        }
        return twice;
    }
}
