using CourseRec.Node.Cli;
using CourseRec.Node.Cli.Replay;

namespace CourseRec.Node.Tests.Cli;

public sealed class SequenceFileTests
{
    [Fact]
    public void A_line_is_a_user_and_their_courses_in_order()
    {
        using var file = new TempFile("7 b a c\n8 a\n\n");
        var sequences = SequenceFile.Read(file.Path);
        Assert.Equal(["7", "8"], sequences.Users);
        Assert.Equal(["b", "a", "c"], sequences.Courses);
        Assert.Equal(
            [
                [0, 1, 2],
                [1],
            ],
            sequences.Sequences
        );
        Assert.Equal(4, sequences.Events);
    }

    [Theory]
    [InlineData("1 2\n3\n", "line 2: user '3' has no courses; a line is 'user course course …'.")]
    [InlineData("1 2\n3 4\n1 5\n", "line 3: user '1' has a line already (line 1).")]
    [InlineData("1 2\u0001\n", "line 1: id '2?' has a control character.")]
    public void What_is_wrong_is_named_with_its_line(string text, string expected)
    {
        using var file = new TempFile(text);
        var error = Assert.Throws<CliException>(() => SequenceFile.Read(file.Path));
        Assert.Equal($"{file.Path}, {expected}", error.Message);
    }

    [Fact]
    public void An_id_is_at_most_128_characters()
    {
        using var file = new TempFile($"1 {new string('c', 129)}");
        var error = Assert.Throws<CliException>(() => SequenceFile.Read(file.Path));
        Assert.Equal($"{file.Path}, line 1: id '{new string('c', 32)}…' is longer than 128 characters.", error.Message);
    }

    [Fact]
    public void An_empty_file_is_refused()
    {
        using var file = new TempFile("\n");
        var error = Assert.Throws<CliException>(() => SequenceFile.Read(file.Path));
        Assert.Equal($"{file.Path} is empty: it needs a line 'user course course …' for every user.", error.Message);
    }

    [Fact]
    public void A_binary_file_is_refused()
    {
        using var file = new TempFile([0x31, 0x20, 0x32, 0x0a, 0xff, 0xfe, 0x00]);
        var error = Assert.Throws<CliException>(() => SequenceFile.Read(file.Path));
        Assert.EndsWith("it is not UTF-8 text.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<CliException>(() => SequenceFile.Read("no-such-file.txt"));
        Assert.Equal("no-such-file.txt does not exist.", error.Message);
    }
}
