namespace CourseRec.Simulation.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void It_is_SplitMix64()
    {
        var random = new SeededRandom(1234567);

        Assert.Equal(6457827717110365317UL, random.NextBits());
        Assert.Equal(3203168211198807973UL, random.NextBits());
        Assert.Equal(9817491932198370423UL, random.NextBits());
    }

    [Fact]
    public void Exponential_numbers_have_their_mean_and_their_tail()
    {
        var random = new SeededRandom(1);
        var numbers = Enumerable.Range(0, 200_000).Select(_ => random.NextExponential(10)).ToArray();

        Assert.InRange(numbers.Average(), 9.9, 10.1);
        Assert.InRange(numbers.Count(number => number > 30) / 200_000.0, 0.048, 0.052);
    }

    [Fact]
    public void Weighted_choice_follows_the_weights_and_never_takes_a_zero()
    {
        var random = new SeededRandom(1);
        var counts = new int[3];
        for (var i = 0; i < 100_000; i++)
            counts[random.NextWeighted([1, 0, 3])]++;

        Assert.Equal(0, counts[1]);
        Assert.InRange(counts[0], 24_000, 26_000);
        Assert.Equal(-1, random.NextWeighted([0, 0]));
    }

    [Fact]
    public void Purposes_give_independent_streams()
    {
        Assert.NotEqual(SeededRandom.For(1, "prices").NextBits(), SeededRandom.For(1, "world").NextBits());
        Assert.NotEqual(SeededRandom.For(1, "prices").NextBits(), SeededRandom.For(2, "prices").NextBits());
    }
}
