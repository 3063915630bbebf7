namespace CourseRec.Benchmarks.Tests;

public sealed class PercentilesTests
{
    [Fact]
    public void Percentiles_are_nearest_ranks()
    {
        double[] sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        Assert.Equal(5, Percentiles.Of(sorted, 0.5));
        Assert.Equal(10, Percentiles.Of(sorted, 0.99));
        Assert.Equal(10, Percentiles.Of(sorted, 1));
        Assert.Equal(double.NaN, Percentiles.Of([], 0.5));
        Assert.Equal(3, Percentiles.Median([9, 1, 3]));
    }
}
