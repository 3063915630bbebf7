using CourseRec.Benchmarks.Pipeline;

namespace CourseRec.Benchmarks.Tests.Pipeline;

[Collection(MeasuringCollection.Name)]
public sealed class ActiveMemoryBenchTests
{
    [Fact]
    public async Task An_active_user_takes_more_than_one_at_rest()
    {
        var measured = await ActiveMemoryBench.RunAsync(users: 2_000, CancellationToken.None);
        Assert.True(measured.BytesMore > 0, $"{measured}");
    }
}
