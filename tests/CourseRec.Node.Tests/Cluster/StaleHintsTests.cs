using CourseRec.Node.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Node.Tests.Cluster;

public sealed class StaleHintsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StaleHints _hints;

    public StaleHintsTests() => _hints = new(_time);

    [Fact]
    public void A_hint_that_was_never_wrong_is_followed_by_everybody()
    {
        Assert.True(_hints.MayFollow("n", 1));
        Assert.True(_hints.MayFollow("n", 1));
    }

    [Fact]
    public void One_that_was_wrong_is_followed_by_one_request_in_a_quarter_of_a_second()
    {
        _hints.WasWrong("n", 1);
        Assert.False(_hints.MayFollow("n", 1));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.True(_hints.MayFollow("n", 1));
        Assert.False(_hints.MayFollow("n", 1));
        Assert.True(_hints.MayFollow("n", 2));
        Assert.True(_hints.MayFollow("m", 1));
    }

    [Fact]
    public void One_that_is_right_again_is_followed_by_everybody()
    {
        _hints.WasWrong("n", null);
        _hints.WasRight("n", null);
        Assert.True(_hints.MayFollow("n", null));
        Assert.True(_hints.MayFollow("n", null));
    }
}
