using System.Text;

namespace CourseRec.Actors.Tests;

public class PartitionerTests
{
    /// <summary>The values that Apache Kafka's own client computes.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void The_hash_is_the_one_of_Kafkas_Java_client(string key, int expected) =>
        Assert.Equal(expected, (int)Partitioner.Murmur2(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void A_user_has_the_same_partition_in_UTF_16_and_UTF_8()
    {
        foreach (var user in new[] { "u1", "學生", "🎓", new string('ä', 128) })
            Assert.Equal(Partitioner.PartitionOf(Encoding.UTF8.GetBytes(user), 12), Partitioner.PartitionOf(user, 12));
    }

    [Fact]
    public void Users_spread_over_all_partitions()
    {
        var counts = new int[8];
        for (var i = 0; i < 8_000; i++)
            counts[Partitioner.PartitionOf($"u{i}", 8)]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
