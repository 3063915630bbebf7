using CourseRec.Models.Sequential;
using CourseRec.Models.Sequential.Kernels;

namespace CourseRec.Models.Tests.Sequential;

public sealed class SequentialModelTests
{
    private const int Courses = 37;

    public static TheoryData<SequentialObjective, SequentialBlock, SequenceAnchor> Shapes()
    {
        var shapes = new TheoryData<SequentialObjective, SequentialBlock, SequenceAnchor>();
        foreach (var objective in Enum.GetValues<SequentialObjective>())
        foreach (var block in Enum.GetValues<SequentialBlock>())
        foreach (var anchor in Enum.GetValues<SequenceAnchor>())
            shapes.Add(objective, block, anchor);
        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scores_are_those_of_the_model_as_it_is_written_down(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    )
    {
        var config = Config(objective, block, anchor);
        var parameters = Models.Random(config, Courses);
        var naive = new NaiveModel(parameters);
        var scorer = new SequentialScorer();
        var scores = new float[Courses];
        foreach (var level in Levels())
        {
            var model = new SequentialModel(parameters, "v", level);
            foreach (var length in new[] { 1, 2, 3, 4, 5, 7, 15, 16, 17, 18, 19, 30 })
            {
                var history = History(length, seed: length);
                scorer.Encode(model, history);
                scorer.ScoreAll(scores);
                AssertNear(naive.Scores(history), scores, $"{level}, length {length}");
            }
        }
    }

    [Theory]
    [InlineData(16, 1, 1, 16)]
    [InlineData(48, 3, 1, 80)]
    [InlineData(64, 2, 2, 128)]
    [InlineData(96, 2, 3, 48)]
    public void Any_width_gives_the_scores_of_the_model_as_it_is_written_down(int d, int heads, int layers, int f)
    {
        foreach (var block in Enum.GetValues<SequentialBlock>())
        {
            var config = new SequentialConfig
            {
                Block = block,
                Dimension = d,
                Heads = heads,
                Layers = layers,
                FeedForward = f,
                MaxLength = 12,
            };
            var parameters = Models.Random(config, Courses);
            var scores = new float[Courses];
            foreach (var level in Levels())
            {
                var scorer = new SequentialScorer();
                scorer.Encode(new SequentialModel(parameters, "v", level), History(9, seed: 1));
                scorer.ScoreAll(scores);
                AssertNear(new NaiveModel(parameters).Scores(History(9, seed: 1)), scores, $"{level}, {block}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_history_scores_the_same_bits_alone_and_in_any_batch(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    )
    {
        var parameters = Models.Random(Config(objective, block, anchor), Courses);
        int[][] histories = [.. Enumerable.Range(0, 90).Select(i => History(i * 7 % 26, seed: i))];
        foreach (var level in Levels())
        {
            var model = new SequentialModel(parameters, "v", level);
            var batch = new SequentialScorer();
            batch.Encode(model, [.. histories.SelectMany(h => h)], [.. histories.Select(h => h.Length)]);
            var all = new float[histories.Length * Courses];
            batch.ScoreAll(all);
            var single = new SequentialScorer();
            var scores = new float[Courses];
            for (var i = 0; i < histories.Length; i++)
            {
                single.Encode(model, histories[i]);
                single.ScoreAll(scores);
                Assert.Equal(scores, all.AsSpan(i * Courses, Courses).ToArray());
                Assert.Equal(scores[3], batch.Score(i, 3));
            }
        }
    }

    [Fact]
    public void Unknown_courses_are_left_out_and_only_the_last_ones_are_seen()
    {
        var config = Config(SequentialObjective.NextItem, SequentialBlock.Gated, SequenceAnchor.End);
        var model = new SequentialModel(Models.Random(config, Courses), "v");
        var history = History(config.MaxLength, seed: 3);
        int[] longer = [5, 6, -1, .. history[..4], Courses, int.MaxValue, .. history[4..], int.MinValue];
        Assert.Equal(Scores(model, history), Scores(model, longer));
    }

    [Fact]
    public void A_next_item_model_ranks_a_user_without_history_by_its_biases()
    {
        var config = Config(SequentialObjective.NextItem, SequentialBlock.Gated, SequenceAnchor.End);
        var parameters = Models.Random(config, Courses);
        Assert.Equal(parameters["outputBias"][1..^1].ToArray(), Scores(new(parameters, "v"), [Courses + 4]));
    }

    [Fact]
    public void A_cloze_model_ranks_a_user_without_history_by_its_mask()
    {
        var config = Config(SequentialObjective.Cloze, SequentialBlock.Plain, SequenceAnchor.End);
        var parameters = Models.Random(config, Courses);
        AssertNear(new NaiveModel(parameters).Scores([]), Scores(new(parameters, "v"), []), "no history");
    }

    [Fact]
    public void Later_changes_to_the_parameters_do_not_reach_a_model()
    {
        var parameters = Models.Random(Models.Tiny, Courses);
        var model = new SequentialModel(parameters, "v");
        var before = Scores(model, [1, 2]);
        Array.Fill(parameters.Values, 1);
        Assert.Equal(before, Scores(model, [1, 2]));
    }

    [Fact]
    public void A_model_of_one_course_ranks_it()
    {
        var scorer = new SequentialScorer();
        scorer.Encode(new SequentialModel(Models.Random(Models.Tiny, 1), "v"), [0]);
        var best = new int[5];
        Assert.Equal(1, scorer.Top(0, null, best, new float[5]));
        Assert.Equal(0, best[0]);
    }

    [Fact]
    public void Lengths_that_do_not_sum_to_the_histories_are_refused()
    {
        var model = new SequentialModel(Models.Random(Models.Tiny, Courses), "v");
        var scorer = new SequentialScorer();
        Assert.Throws<ArgumentException>(() => scorer.Encode(model, [1, 2, 3], [2]));
        Assert.Throws<ArgumentException>(() => scorer.Encode(model, [1, 2, 3], [2, 2]));
        Assert.Throws<ArgumentException>(() => scorer.Encode(model, [1, 2, 3], [4, -1]));
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        foreach (var block in Enum.GetValues<SequentialBlock>())
        {
            var config = Config(SequentialObjective.NextItem, block, SequenceAnchor.End);
            foreach (var level in Levels())
                Assert.Equal(0, AllocatedBy(new(Models.Random(config, 500), "v", level)));
        }
    }

    private static long AllocatedBy(SequentialModel model)
    {
        var scorer = new SequentialScorer();
        var (histories, best, scores, all) = (History(57, seed: 1), new int[10], new float[10], new float[1500]);
        int[] lengths = [20, 17, 20];
        var excluded = new CourseMask();
        excluded.Add(3);
        long before = 0;
        for (var i = 0; i < 200; i++)
        {
            if (i == 100)
                before = GC.GetAllocatedBytesForCurrentThread();
            scorer.Encode(model, histories, lengths);
            scorer.Top(1, excluded, best, scores);
            scorer.ScoreAll(all);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static float[] Scores(SequentialModel model, int[] history)
    {
        var scorer = new SequentialScorer();
        var scores = new float[model.CourseCount];
        scorer.Encode(model, history);
        scorer.ScoreAll(0, scores);
        return scores;
    }

    private static IEnumerable<SimdLevel> Levels() => Enum.GetValues<SimdLevel>().Where(level => level <= Simd.Widest);

    private static SequentialConfig Config(
        SequentialObjective objective,
        SequentialBlock block,
        SequenceAnchor anchor
    ) =>
        new()
        {
            Objective = objective,
            Block = block,
            Anchor = anchor,
            Dimension = 32,
            Heads = 2,
            FeedForward = 48,
            MaxLength = 20,
        };

    private static int[] History(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(Courses))];
    }

    private static void AssertNear(double[] expected, float[] actual, string where)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) < 2e-5,
                $"{where}: course {i} scores {actual[i]} instead of {expected[i]}"
            );
    }
}
