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
        // The runtime may allocate on this thread while it swaps in better code; a parse that allocates would do so
        // every time.
        var least = Enumerable.Range(0, 5).Min(_ => Allocated(parser, bytes));

        Assert.Equal(0, least);
    }

    private static long Allocated(InteractionParser parser, byte[] json)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var taken = Parse(parser, json, 10_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(10_000, taken);
        return allocated;
    }

    private static int Parse(InteractionParser parser, byte[] json, int times)
    {
        var taken = 0;
        for (var i = 0; i < times; i++)
            taken += parser.TryParseRecord(json, Samples.AcceptedAt, out _) ? 1 : 0;
        return taken;
    }
}
