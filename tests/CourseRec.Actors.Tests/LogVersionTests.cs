namespace CourseRec.Actors.Tests;

public class LogVersionTests
{
    [Fact]
    public void A_version_carries_its_generation_and_offset()
    {
        var version = LogVersion.At(3, 17);
        Assert.Equal((3L << 40) + 17, version.Value);
        Assert.Equal((3, 17L), (version.Generation, version.Offset));
    }

    [Fact]
    public void Every_record_of_a_generation_is_newer_than_all_before() =>
        Assert.True(LogVersion.At(2, 0) > LogVersion.At(1, LogVersion.MaxOffset));

    [Fact]
    public void An_offset_of_two_to_the_fortieth_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LogVersion.At(1, 1L << 40));
}
