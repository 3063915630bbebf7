using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Tests.Hosting;
using Xunit.Abstractions;

namespace CourseRec.Actors.Tests.Serialization;

public sealed class WireSizeTests(ITestOutputHelper output)
    : TestKit(WireConfig.Config.WithFallback(TestConfig.Patient))
{
    [Theory]
    [InlineData('a', 10, 6_000)]
    [InlineData('a', 100, 64 * 1024)]
    [InlineData('学', 100, 160_000)]
    public void A_list_is_no_larger(char letter, int count, int bytes)
    {
        var size = Size(LongestMessages.List(letter, count));
        output.WriteLine($"{count} courses of {letter}: {size} bytes");
        Assert.InRange(size, bytes / 2, bytes);
    }

    [Theory]
    [InlineData('a', 50, 64 * 1024)]
    [InlineData('学', 50, 64 * 1024)]
    [InlineData('学', LongestMessages.History, 270_000)]
    public void A_session_is_no_larger(char letter, int count, int bytes)
    {
        var size = Size(LongestMessages.Session(letter, count));
        output.WriteLine($"{count} entries of {letter}: {size} bytes");
        Assert.InRange(size, 1, bytes);
    }

    [Fact]
    public void No_rules_allow_a_longer_history()
    {
        new FoldRules { HistoryLength = LongestMessages.History, TakenLimit = 0 }.Validate();
        Assert.Throws<ArgumentException>(() =>
            new FoldRules { HistoryLength = LongestMessages.History + 1, TakenLimit = 0 }.Validate()
        );
    }

    private int Size(object message) => Sys.Serialization.Serialize(message).Length;
}
