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
        Assert.InRange(measured.BytesOfEmpty, 400, 1_100);
        Assert.InRange(measured.BytesMore, measured.BytesOfEmpty, 2_200);
    }
}
