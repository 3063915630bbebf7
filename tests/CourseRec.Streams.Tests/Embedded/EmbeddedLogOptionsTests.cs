using CourseRec.Streams.Embedded;

namespace CourseRec.Streams.Tests.Embedded;

public sealed class EmbeddedLogOptionsTests
{
    private static readonly EmbeddedLogOptions Defaults = new() { Path = "log.db" };

    public static TheoryData<EmbeddedLogOptions, string> Refused =>
        new()
        {
            { Defaults with { Path = " " }, "The embedded log's Path is ' '; allowed is a file's path." },
            { Defaults with { Partitions = 0 }, "The embedded log's Partitions is '0'; allowed is 1 to 1024." },
            {
                Defaults with
                {
                    RetainFor = TimeSpan.Zero,
                },
                "The embedded log's RetainFor is '00:00:00'; allowed is more than 0."
            },
            { Defaults with { TailBytes = -1 }, "The embedded log's TailBytes is '-1'; allowed is 0 and more." },
        };

    [Fact]
    public void The_defaults_are_valid() => Defaults.Validate();

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_option_out_of_range_is_named(EmbeddedLogOptions options, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(options.Validate).Message);
}
