using CourseRec.Models.Interactions;

namespace CourseRec.Models.Tests.Interactions;

public sealed class InteractionAllocationTests
{
    [Theory]
    [InlineData(Samples.Full)]
    [InlineData(Samples.Forwarded)]
    [InlineData(
        """{"id":"\u00e9","user":"学习者","course":"c","type":"view","time":"2026-11-20T11:00:00\u002b01:00"}"""
    )]
    public void Ten_thousand_parses_allocate_nothing(string json)
    {
        var parser = new InteractionParser();
        var bytes = Samples.Utf8(json);
        var taken = Parse(parser, bytes, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        taken += Parse(parser, bytes, 10_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(10_100, taken);
    }

    private static int Parse(InteractionParser parser, byte[] json, int times)
    {
        var taken = 0;
        for (var i = 0; i < times; i++)
            taken += parser.TryParseRecord(json, Samples.AcceptedAt, out _) ? 1 : 0;
        return taken;
    }
}
