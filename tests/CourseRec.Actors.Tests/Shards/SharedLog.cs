using CourseRec.Actors.Ports;
using CourseRec.Streams.Embedded;

namespace CourseRec.Actors.Tests.Shards;

/// <summary>The embedded log as one of several hosts sees it: who consumes which partition is said by the test, as Kafka does, and may change.</summary>
internal sealed class SharedLog(EmbeddedLog inner, int[] owners, int host) : IInteractionLog
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public LogIdentity Identity => inner.Identity;

    public ValueTask AppendAsync(IReadOnlyList<NewRecord> records, CancellationToken cancel) =>
        inner.AppendAsync(records, cancel);

    public Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, owners.Length).Select(partition => ConsumeAsync(partition, consumer, stop)));

    public ValueTask<OffsetRange> RangeAsync(int partition, CancellationToken cancel) =>
        inner.RangeAsync(partition, cancel);

    public ValueTask<long> FindOffsetAsync(int partition, long acceptedAt, CancellationToken cancel) =>
        inner.FindOffsetAsync(partition, acceptedAt, cancel);

    public IAsyncEnumerable<ReadOnlyMemory<LogRecord>> ReadAsync(int partition, long from, CancellationToken cancel) =>
        inner.ReadAsync(partition, from, cancel);

    public ValueTask CommitAsync(int partition, long next, CancellationToken cancel) =>
        inner.CommitAsync(partition, next, cancel);

    public bool IsOwnershipProven(int partition) => IsMine(partition);

    public ValueTask AppendDeadLettersAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel) =>
        inner.AppendDeadLettersAsync(letters, cancel);

    public IAsyncEnumerable<DeadLetter> ReadDeadLettersAsync(CancellationToken cancel) =>
        inner.ReadDeadLettersAsync(cancel);

    public ValueTask<IReadOnlyList<string>> CheckSettingsAsync(CancellationToken cancel) =>
        inner.CheckSettingsAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool IsMine(int partition) => Volatile.Read(ref owners[partition]) == host;

    private async Task ConsumeAsync(int partition, ILogConsumer consumer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Poll, TimeProvider.System, CancellationToken.None);
            if (!IsMine(partition))
                continue;
            var range = await inner.RangeAsync(partition, CancellationToken.None);
            var next = await consumer.OnAssignedAsync(partition, range, CancellationToken.None);
            while (IsMine(partition) && !stop.IsCancellationRequested)
            {
                await foreach (var records in inner.ReadAsync(partition, next, CancellationToken.None))
                {
                    await consumer.OnRecordsAsync(partition, records, CancellationToken.None);
                    next = records.Span[^1].Offset + 1;
                }
                await Task.Delay(Poll, TimeProvider.System, CancellationToken.None);
            }
            await consumer.OnReleasedAsync(partition, ReleaseReason.Revoked, CancellationToken.None);
        }
    }
}
