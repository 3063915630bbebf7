using CourseRec.Benchmarks.Online.Streams;
using CourseRec.Training.Data;
using CourseRec.Training.Evaluation;

namespace CourseRec.Benchmarks.Tests.Online;

public sealed class HeldBackTests
{
    [Fact]
    public void Every_event_is_streamed_in_its_users_order_but_the_last_of_users_with_three()
    {
        using var file = new TemporaryFile("1 10 11 12 13\n2 20 21\n3 30 31 32\n");
        var data = new HeldBack(file.Path, InteractionDataset.Read(file.Path), seed: 5, limit: null);
        var sent = new DatasetStream(file.Path, data).Read().Select(item => item.Event).ToArray();
        Assert.Equal(7, data.StreamedEvents);
        Assert.Equal(["10", "11", "12"], Courses("1"));
        Assert.Equal(["20", "21"], Courses("2"));
        Assert.Equal(["30", "31"], Courses("3"));
        Assert.Equal([0, 2], data.Split.Judged.ToArray());
        Assert.Equal("13", data.Data.Courses[data.Split.Target(0, EvaluationPart.Test)]);
        Assert.All(sent.Zip(sent.Skip(1)), pair => Assert.True(pair.First.Time < pair.Second.Time));

        string[] Courses(string user) => [.. sent.Where(e => e.User == user).Select(e => e.Course)];
    }

    [Fact]
    public void Times_of_the_file_are_kept_and_a_limit_cuts_in_time()
    {
        using var file = new TemporaryFile(
            """
            userId,movieId,rating,timestamp
            1,10,5,1000000005
            1,11,5,1000000010
            1,12,5,1000000020
            1,13,5,1000000090
            2,20,5,1000000001
            2,21,5,1000000002
            2,22,5,1000000099

            """
        );
        var data = new HeldBack(file.Path, InteractionDataset.Read(file.Path), seed: 1, limit: 5);
        var sent = new DatasetStream(file.Path, data).Read().Select(item => item.Event).ToArray();
        Assert.Equal(["20", "21", "10", "11"], sent.Select(e => e.Course));
        Assert.Equal(
            [1_000_000_001, 1_000_000_002, 1_000_000_005, 1_000_000_010],
            sent.Select(e => e.Time.ToUnixTimeSeconds())
        );
        Assert.Equal("12", data.Data.Courses[data.Split.Target(0, EvaluationPart.Test)]);
    }

    [Fact]
    public void Data_without_anyone_to_judge_is_refused_by_name()
    {
        using var file = new TemporaryFile("1 10\n2 20\n");
        var refused = Assert.Throws<InteractionDataException>(() =>
            new HeldBack(file.Path, InteractionDataset.Read(file.Path), seed: 1, limit: null)
        );
        Assert.StartsWith(file.Path, refused.Message, StringComparison.Ordinal);
    }
}
