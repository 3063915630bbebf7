using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

public class VocabularyTests
{
    [Fact]
    public void A_course_whose_row_was_taken_back_gets_another_when_it_is_met_again()
    {
        var vocabulary = Of(5);
        vocabulary.CountTarget(4);

        vocabulary.Truncate(3);
        Assert.Equal((3, 0, 3), (vocabulary.Count, vocabulary.Row(4), vocabulary.Row(2)));
        vocabulary.Add(4);

        Assert.Equal((4, 4, 0L), (vocabulary.Row(4), vocabulary.Course(4), vocabulary.Targets(4)));
        Assert.Equal(["c0", "c1", "c2", "c4"], vocabulary.Ids);
    }

    [Fact]
    public void A_new_row_begins_at_the_mean_of_those_around_it_with_the_median_norm()
    {
        const int d = 32;
        var vocabulary = Of(20);
        var config = OnlineHarness.Options.Config;
        var parameters = new SequentialParameters(
            config,
            [.. vocabulary.Ids],
            new float[ParameterLayout.Of(config, 20).Length]
        );
        for (var row = 1; row <= 20; row++)
            parameters["item"][row * d + (row <= 2 ? 0 : 1)] = row <= 2 ? 3 : 5; // norms 3, 3, 5 … 5
        parameters["outputBias"].Fill(-2);
        var start = new RowStart(vocabulary, new(1));
        start.Know(parameters);

        vocabulary.Add("new");
        var (rows, biases) = start.From(
            first: 21,
            d,
            [
                [0, 1, 20],
            ]
        );

        Assert.Equal(5, rows[0], 0.1);
        Assert.All(rows[1..], value => Assert.Equal(0, value, 0.1));
        Assert.Equal([-2 + MathF.Log(2)], biases);
    }

    [Fact]
    public void The_first_rows_are_small_and_random()
    {
        var start = new RowStart(Of(4), new(1));
        start.Know(null);

        var (rows, biases) = start.From(
            first: 1,
            dimension: 100,
            [
                [0, 1, 2, 3],
            ]
        );

        Assert.Equal(0.02, Math.Sqrt(rows.Average(value => value * value)), 0.003);
        Assert.Equal([0, 0, 0, 0], biases);
    }

    internal static Vocabulary Of(int courses)
    {
        var vocabulary = new Vocabulary(new CourseIndex());
        for (var c = 0; c < courses; c++)
            vocabulary.Add($"c{c}");
        return vocabulary;
    }
}
