using System.Collections.Concurrent;
using System.Diagnostics;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Kafka;

[Collection(KafkaCollection.Name)]
public sealed class KafkaFrozenMemberTests(SharedKafkaBroker kafka) : IAsyncLifetime
{
    private readonly KafkaTopics _topics = new(kafka.Broker);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _topics.DisposeAsync();

    [Fact]
    public async Task A_member_that_was_halted_beyond_its_session_time_out_wakes_without_proof_and_has_lost_its_partitions()
    {
        using var child = new ConsumingProcess(_topics.Options);
        await Eventually.HoldsAsync(
            () => child.Proven.Select(p => p.Partition).Distinct().Count() == 4,
            () => $"{child.Proven.Count} proofs"
        );
        child.Freeze();
        var log = await _topics.OpenAsync();
        var taker = new Recorder();
        await using var taking = await Consumption.StartAsync(log, taker);
        using var done = new CancellationTokenSource();
        var proven = new ConcurrentQueue<(long At, int Partition)>();
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
                await ConsumingProcess.ProvenIn(log, (at, partition) => proven.Enqueue((at, partition)));
        });
        await Eventually.HoldsAsync(() => proven.Select(p => p.Partition).Distinct().Count() == 4, () => proven.Count);
        child.Thaw();
        var thawed = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => child.Released.Count >= 4, () => string.Join(", ", child.Released));
        Assert.Equal(["0 Lost", "1 Lost", "2 Lost", "3 Lost"], child.Released.Take(4).Order());
        await Eventually.HoldsAsync(
            () => child.Proven.Where(p => p.At > thawed).Select(p => p.Partition).Distinct().Count() == 2,
            () => $"{child.Proven.Count(p => p.At > thawed)} proofs after the frost"
        );
        await done.CancelAsync();
        await watching;
        Assert.DoesNotContain(child.Proven, sample => IsProvenAround(sample, proven));
        Assert.All(taker.Released, released => Assert.Equal(ReleaseReason.Revoked, released.Reason));
    }

    /// <summary>
    /// The clock is the machine's: whether the other process had its proof just before and just after.
    /// </summary>
    private static bool IsProvenAround((long At, int Partition) sample, IEnumerable<(long At, int Partition)> proven)
    {
        var near = Stopwatch.Frequency / 50;
        var around = proven
            .Where(p => p.Partition == sample.Partition && Math.Abs(p.At - sample.At) < near)
            .Select(p => p.At < sample.At)
            .Distinct();
        return around.Count() == 2;
    }
}
