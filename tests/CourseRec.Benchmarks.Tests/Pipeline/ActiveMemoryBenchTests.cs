using CourseRec.Benchmarks.Pipeline;

namespace CourseRec.Benchmarks.Tests.Pipeline;

[Collection(MeasuringCollection.Name)]
public sealed class ActiveMemoryBenchTests
{
    [Fact]
    public async Task Active_users_are_weighed()
    {
        var measured = await ActiveMemoryBench.RunAsync(users: 5_000, CancellationToken.None);
        Assert.Equal(5_000, measured.Users);
        Assert.InRange(measured.BytesOfEmpty, 1, 100_000);
        Assert.True(double.IsFinite(measured.BytesMore)); // Of it other tests of the process have their part.
    }
}
