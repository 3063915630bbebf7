namespace CourseRec.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("nod", "'nod' is not known to 'courserec'.")]
    [InlineData("replay", "replay")]
    [InlineData("replay no-such-file.txt", "no-such-file.txt does not exist.")]
    [InlineData("replay x --limit 0", "--limit is '0': it must be a whole number from 1 to 2147483647.")]
    [InlineData("replay x --rate fast", "--rate is 'fast': it must be a number from 0.1 to 1000000.")]
    [InlineData("replay x --url nowhere", "--url is 'nowhere': it must be an http or https address")]
    [InlineData("simulate --wings", "'--wings'")]
    [InlineData("evaluate", "evaluate")]
    [InlineData("evaluate no-such-file.txt", "no-such-file.txt does not exist.")]
    [InlineData("evaluate x --sampled 0", "--sampled is '0': it must be a whole number from 1 to 100000.")]
    [InlineData("evaluate x --sampling all", "--sampling is 'all': it must be popularity or uniform.")]
    [InlineData("train x", "--out")]
    [InlineData("train no-such-file.txt --out m", "no-such-file.txt does not exist.")]
    [InlineData("train x --out m --objective all", "--objective is 'all': it must be next-item or cloze.")]
    [InlineData("train x --out m --block round", "--block is 'round': it must be gated or plain.")]
    [InlineData("train x --out m --loss bce", "--loss is 'bce': it must be softmax or gbce.")]
    [InlineData("train x --out m --device gpu", "--device is 'gpu': it must be auto, cpu or cuda:N.")]
    [InlineData("train x --out m --time-limit soon", "--time-limit is 'soon': it must be a time from 1s to 365d")]
    [InlineData("train x --out no-such-folder/m", "no-such-folder does not exist: --out names a file")]
    [InlineData("train x --out m --resume", "m.checkpoint does not exist: there is no training to resume.")]
    [InlineData("train x --out m --resume --overwrite", "name one of them.")]
    [InlineData("session verify", "session verify needs a user, or --all.")]
    [InlineData("session verify --all --data-dir no-such-folder", "does not exist")]
    [InlineData("dead-letters list --data-dir no-such-folder", "does not exist")]
    [InlineData("generation show --data-dir no-such-folder", "does not exist")]
    [InlineData("bench kafka --json", "bench is not part of this installation")]
    [InlineData("node --set Log", "--set is 'Log': it must be name=value")]
    [InlineData("node --set Log:Partitions=0", "Log:Partitions is '0'")]
    [InlineData("node --set Wings=2", "Wings is not an option")]
    public async Task A_mistake_is_one_line_that_names_it_and_exit_code_2(string commandLine, string expected)
    {
        var (code, error) = await Courserec.RunAsync(commandLine.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(expected, Assert.Single(error.Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("node --help")]
    [InlineData("replay --help")]
    [InlineData("evaluate --help")]
    [InlineData("train --help")]
    [InlineData("simulate --help")]
    [InlineData("session verify --help")]
    [InlineData("generation open --help")]
    [InlineData("bench --help")]
    [InlineData("dead-letters replay --help")]
    public async Task Help_is_no_mistake(string commandLine) =>
        Assert.Equal((0, ""), await Courserec.RunAsync(commandLine.Split(' ')));
}
