using System.Text;
using CourseRec.Training.Data;

namespace CourseRec.Training.Tests.Data;

public sealed class SequenceLinesTests
{
    [Fact]
    public void A_line_is_a_user_and_their_courses_in_order()
    {
        var data = Reading.Read("7 b a c\n8 a\n\n");
        Assert.Equal("7: b a c; 8: a", data.Show());
        Assert.Equal(["b", "a", "c"], data.Courses);
        Assert.Equal((InteractionFormat.Sequences, 4, false), (data.Format, data.Events, data.HasTimes));
        Assert.True(data.Times(0).IsEmpty);
    }

    [Fact]
    public void Lines_of_one_course_each_are_interactions_in_the_order_of_the_file()
    {
        var data = Reading.Read("7 b\n8 a\n7 c\n7 b\n");
        Assert.Equal("7: b c b; 8: a", data.Show());
        Assert.Equal(InteractionFormat.Pairs, data.Format);
    }

    [Theory]
    [InlineData("\uFEFF1 2 3\r\n2\t3  \r\n")]
    [InlineData("1 2 3\n2 3")]
    public void Line_ends_tabs_and_byte_order_marks_make_no_difference(string text) =>
        Assert.Equal("1: 2 3; 2: 3", Reading.Read(text).Show());

    [Fact]
    public void A_line_may_be_longer_than_a_block()
    {
        var courses = string.Join(' ', Enumerable.Range(0, 400_000));
        var data = Reading.Read($"u {courses}\nv {courses}\n");
        Assert.Equal((800_000, 400_000), (data.Events, data.Courses.Count));
        Assert.Equal(399_999, data.Sequence(1)[^1]);
    }

    [Theory]
    [InlineData("1 2 3\n3\n", ", line 2: user '3' has no courses; a line is 'user course course …'.")]
    [InlineData("1 2\n3 4 5\n1 5\n", ", line 3: user '1' has a line already (line 1).")]
    [InlineData(
        "1 2\n1 4\n1 5 6\n",
        ", line 3: 2 courses, where the lines before are 'user course' (line 2 repeats a user)."
    )]
    [InlineData("1 2\u0001\n", ", line 1: id '2?' has a control character.")]
    public void What_is_wrong_is_named_with_its_line(string text, string expected) =>
        Assert.Equal(expected, Reading.Refusal(text));

    [Fact]
    public void An_id_is_at_most_128_characters()
    {
        Assert.Equal(1, Reading.Read($"1 {new string('ß', 128)}").Events);
        Assert.Equal(
            $", line 1: id '{new string('c', 32)}…' is longer than 128 characters.",
            Reading.Refusal($"1 {new string('c', 129)}")
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    public void An_empty_file_is_refused(string text) =>
        Assert.StartsWith(
            " is empty: expected 'user course course …'",
            Reading.Refusal(text),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_binary_file_is_refused()
    {
        using var file = new TemporaryFile([0x31, 0x20, 0x32, 0x0a, 0xff, 0x20, 0xfe, 0x00]);
        var error = Assert.Throws<InteractionDataException>(() => InteractionDataset.Read(file.Path));
        Assert.Equal($"{file.Path}, line 2: it is not UTF-8 text.", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<InteractionDataException>(() => InteractionDataset.Read("no-such-file.txt"));
        Assert.Equal("no-such-file.txt does not exist.", error.Message);
    }

    [Theory]
    [InlineData("id,title,price\n1,x,2\n")]
    [InlineData("1,2,5,978300760\n")]
    [InlineData("[{\"user\":\"u\"}]\n")]
    [InlineData("<html> <body>\n")]
    [InlineData("onlyoneword\n")]
    public void An_unknown_format_is_refused_with_what_is_expected(string text)
    {
        var refusal = Reading.Refusal(text);
        Assert.StartsWith(
            $", line 1: '{text.Split('\n')[0]}' is of no known format",
            refusal,
            StringComparison.Ordinal
        );
        Assert.EndsWith("or JSON lines.", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Sequences_agree_with_splitting_each_line()
    {
        var random = new Random(3);
        var lines = Enumerable
            .Range(0, 5_000)
            .Select(user =>
                $"u{user} {string.Join(' ', Enumerable.Range(0, random.Next(1, 40)).Select(_ => $"c{random.Next(900)}"))}"
            )
            .ToList();
        var expected = new StringBuilder()
            .AppendJoin("; ", lines.Select(l => l.Insert(l.IndexOf(' '), ":")))
            .ToString();
        Assert.Equal(expected, Reading.Read(string.Join('\n', lines)).Show());
    }
}
