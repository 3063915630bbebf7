using CourseRec.Benchmarks.Pipeline;

namespace CourseRec.Benchmarks.Tests.Pipeline;

[Collection(MeasuringCollection.Name)]
public sealed class MemoryBenchTests
{
    [Fact]
    public void A_session_with_a_full_history_fits_700_bytes()
    {
        Assert.InRange(MemoryBench.Run(sessions: 100_000, CancellationToken.None).BytesPerSession, 400, 700);
    }
}
