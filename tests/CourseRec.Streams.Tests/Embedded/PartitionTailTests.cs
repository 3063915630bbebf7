using CourseRec.Streams.Embedded;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class PartitionTailTests
{
    [Fact]
    public void Batches_are_taken_together_up_to_a_number_of_records()
    {
        var tail = Filled(maxBytes: 100, batches: 4);
        Assert.Equal([0L, 10], tail.Take(0, maxRecords: 25).Select(b => b.Base));
        Assert.Equal([20L, 30], tail.Take(20, maxRecords: 25).Select(b => b.Base));
        Assert.Empty(tail.Take(40, maxRecords: 25));
        Assert.Equal(40, tail.End);
    }

    [Fact]
    public void An_offset_within_a_batch_is_found() =>
        Assert.Equal([10L, 20], Filled(maxBytes: 100, batches: 3).Take(15, maxRecords: 100).Select(b => b.Base));

    [Fact]
    public void Beyond_its_bytes_the_oldest_batches_are_left_to_the_file()
    {
        var tail = Filled(maxBytes: 20, batches: 5);
        Assert.Empty(tail.Take(20, maxRecords: 100));
        Assert.Equal([30L, 40], tail.Take(30, maxRecords: 100).Select(b => b.Base));
    }

    [Fact]
    public async Task A_publication_wakes_who_waits()
    {
        var tail = new PartitionTail(maxBytes: 100);
        var changed = tail.Changed;
        Assert.False(changed.IsCompleted);
        tail.Publish(new(0, 0, 10, 0, 0, 0, new byte[10]));
        await changed.Briefly();
    }

    /// <summary>Batches of ten records and ten bytes each.</summary>
    private static PartitionTail Filled(long maxBytes, int batches)
    {
        var tail = new PartitionTail(maxBytes);
        for (var i = 0; i < batches; i++)
            tail.Publish(new(0, 10 * i, 10, 0, 0, 0, new byte[10]));
        return tail;
    }
}
