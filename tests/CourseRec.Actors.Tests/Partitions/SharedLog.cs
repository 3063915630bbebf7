using CourseRec.Actors.Ports;
using CourseRec.Streams.Embedded;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>
/// The embedded log as one of several hosts sees it: who consumes which partition is said by the test, as Kafka does,
/// and may change.
/// </summary>
internal sealed class SharedLog(EmbeddedLog inner, int[] owners, int host) : DelegatingLog
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    protected override IInteractionLog Inner => inner;

    public override Task ConsumeAsync(ILogConsumer consumer, CancellationToken stop) =>
        Task.WhenAll(Enumerable.Range(0, owners.Length).Select(partition => ConsumeAsync(partition, consumer, stop)));

    public override bool IsOwnershipProven(int partition) => IsMine(partition);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
