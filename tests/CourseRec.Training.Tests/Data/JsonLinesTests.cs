using CourseRec.Training.Data;

namespace CourseRec.Training.Tests.Data;

public sealed class JsonLinesTests
{
    [Fact]
    public void Positive_interactions_count_in_the_order_of_their_times()
    {
        var data = Reading.Read(
            string.Join(
                '\n',
                Line("u", "b", "enroll", 3),
                Line("u", "a", "view", 1),
                Line("u", "d", "dismiss", 1),
                Line("u", "c", "rate", 2, 2.5),
                Line("u", "e", "rate", 2, 3),
                Line("v", "a", "click", 0)
            )
        );
        Assert.Equal("u: e b; v: a", data.Show());
        Assert.Equal([Milliseconds(2), Milliseconds(3)], data.Times(0).ToArray());
        Assert.Equal(InteractionFormat.JsonLines, data.Format);
    }

    [Fact]
    public void A_courses_first_event_stands_for_all_of_the_user() =>
        Assert.Equal(
            "u: a b",
            Reading
                .Read(
                    string.Join(
                        '\n',
                        Line("u", "a", "complete", 9),
                        Line("u", "b", "click", 2),
                        Line("u", "a", "click", 1)
                    )
                )
                .Show()
        );

    [Fact]
    public void An_event_that_was_delivered_twice_counts_once_and_an_erasure_takes_all_before_it_away()
    {
        const string erasure = """{"id":"x","user":"v","type":"erase","time":"2026-01-01T00:00:05Z"}""";
        var data = Reading.Read(
            string.Join(
                '\n',
                Line("v", "a", "click", 1),
                Line("u", "b", "click", 2),
                Line("w", "a", "click", 2),
                erasure
            )
                + "\n"
                + string.Join('\n', Line("v", "c", "click", 6), Line("v", "b", "click", 4), erasure.Replace("v", "w"))
        );
        Assert.Equal("v: c; u: b", data.Show());
    }

    [Fact]
    public void Without_times_the_order_of_the_file_counts()
    {
        var data = Reading.Read(
            """
            {"user":"u","course":"b","type":"click"}
            {"user":"u","course":"a","type":"enroll"}
            """
        );
        Assert.Equal("u: b a", data.Show());
        Assert.False(data.HasTimes);
    }

    [Theory]
    [InlineData("""{"user":"u","type":"click"}""", "course: is required.")]
    [InlineData("""{"user":"u","course":"a","type":"clack"}""", "type: must be one of view, click")]
    [InlineData("""{"user":"u","course":"a","type":"click"}""", "time: is required, the lines before have it.")]
    [InlineData("x", "the record is not valid JSON at byte 0.")]
    public void What_is_wrong_is_named_with_its_line(string line, string expected) =>
        Assert.StartsWith(
            $", line 2: {expected}",
            Reading.Refusal($"{Line("u", "b", "click", 1)}\n{line}\n"),
            StringComparison.Ordinal
        );

    private static string Line(string user, string course, string type, int second, double? value = null)
    {
        var rating = value is null ? "" : $"\"value\":{value},";
        return $$"""{"id":"{{user}}{{course}}{{type}}","user":"{{user}}","course":"{{course}}","type":"{{type}}",{{rating}}"time":"2026-01-01T00:00:0{{second}}Z"}""";
    }

    private static long Milliseconds(int second) =>
        new DateTimeOffset(2026, 1, 1, 0, 0, second, TimeSpan.Zero).ToUnixTimeMilliseconds();
}
