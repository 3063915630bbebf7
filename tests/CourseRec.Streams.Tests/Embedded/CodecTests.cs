using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Models;
using CourseRec.Streams.Embedded;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class CodecTests
{
    [Fact]
    public void Crc32c_agrees_with_the_published_check_value() =>
        Assert.Equal(0xE3069283u, ~Crc32C.Append(uint.MaxValue, Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Extreme_times_and_lengths_survive()
    {
        var builder = new BatchBuilder();
        long[] times = [0, long.MaxValue / 2, -1, long.MinValue / 2];
        foreach (var (at, i) in times.Select((at, i) => (at, i)))
            builder.Add(new NewRecord(0, at, new byte[200], new byte[127 + i]));
        builder.Close();
        var closed = Assert.Single(builder.Closed);
        var batch = new Batch(0, 5, closed.Count, closed.FirstAt, closed.HighAt, 0, closed.Records);
        var read = BatchCodec.Read([batch], from: 6);
        Assert.Equal(times[1..], read.Select(r => r.AcceptedAt));
        Assert.Equal([6L, 7, 8], read.Select(r => r.Offset));
        Assert.Equal([128, 129, 130], read.Select(r => r.Value.Length));
        Assert.Equal(long.MaxValue / 2, closed.HighAt);
    }

    [Fact]
    public void Batches_are_closed_by_size_and_by_count()
    {
        var builder = new BatchBuilder();
        for (var i = 0; i < 5_000; i++)
            builder.Add(new NewRecord(0, 1, default, default));
        for (var i = 0; i < 3; i++)
            builder.Add(new NewRecord(0, 1, default, new byte[70_000]));
        builder.Close();
        Assert.Equal([4_096, 904, 1, 1, 1], builder.Closed.Select(c => c.Count));
    }
}
