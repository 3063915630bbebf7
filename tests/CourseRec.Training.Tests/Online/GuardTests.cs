using CourseRec.Models.Sequential;
using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

public class GuardTests
{
    private const int Courses = 20;
    private static readonly TimeSpan Ample = TimeSpan.FromHours(1);

    private readonly HeldOutExamples _heldOut = new(new(1));
    private readonly Guard _guard;

    public GuardTests()
    {
        _guard = new(_heldOut, VocabularyTests.Of(Courses), TimeProvider.System);
        for (var i = 0; i < 100; i++)
            _heldOut.Add(new((ulong)i, [i % Courses, (i + 7) % 10]));
    }

    [Fact]
    public void A_model_that_ranks_held_out_targets_lower_is_refused()
    {
        var verdict = _guard.Judge(Model(liked: false), Model(liked: true), Ample);

        Assert.StartsWith("its gain on 100 held-out sequences is 0.", verdict.Refusal);
    }

    [Fact]
    public void A_model_that_ranks_them_as_well_or_better_is_not()
    {
        Assert.Null(_guard.Judge(Model(liked: true), Model(liked: false), Ample).Refusal);
        Assert.Null(_guard.Judge(Model(liked: true), Model(liked: true), Ample).Refusal);
    }

    [Fact]
    public void Without_a_serving_model_or_with_few_examples_nothing_is_refused()
    {
        var few = new HeldOutExamples(new(1));
        few.Add(new(1, [1, 2]));

        Assert.Null(_guard.Judge(Model(liked: false), null, Ample).Refusal);
        Assert.Null(
            new Guard(few, VocabularyTests.Of(Courses), TimeProvider.System)
                .Judge(Model(liked: false), Model(liked: true), Ample)
                .Refusal
        );
    }

    [Fact]
    public void Scores_that_are_no_numbers_rank_last()
    {
        var verdict = _guard.Judge(Model(liked: true, broken: true), Model(liked: true), Ample);

        Assert.NotNull(verdict.Refusal);
    }

    [Fact]
    public void A_short_time_is_spent_on_the_last_examples_alone()
    {
        var model = Model(liked: true);
        _guard.Judge(model, model, Ample);

        var verdict = _guard.Judge(model, model, TimeSpan.FromTicks(1));

        Assert.Equal(_heldOut.Recent.TakeLast(64), verdict.Examples);
    }

    [Fact]
    public void A_jump_of_the_training_loss_is_refused_until_it_is_the_new_normal()
    {
        var watch = new LossWatch();
        for (var round = 0; round < 10; round++)
            Assert.Null(watch.Take(round % 2 == 0 ? 5 : 5.2));

        Assert.Equal("its training loss jumped to 9.00 nats from 5.10", watch.Take(9)?.Replace("5.11", "5.10"));
        Assert.Null(watch.Take(9));
    }

    [Fact]
    public void Rates_fall_with_age_and_a_roll_back_halves_them_until_models_are_accepted_again()
    {
        var options = new OnlineTrainerOptions { EarlySteps = 100 };
        var rates = new RateControl(options);
        Assert.Equal((1e-3f, 1e-2f), (rates.Dense, rates.Rows));
        rates.Age = 300;
        Assert.Equal((0.5e-3f, 0.5e-2f), (rates.Dense, rates.Rows));
        rates.Age = long.MaxValue / 2;
        Assert.Equal((1e-4f, 1e-3f), (rates.Dense, rates.Rows));

        rates.Halve();
        Assert.Equal(0.5e-4f, rates.Dense);
        for (var accepted = 0; accepted < 30; accepted++)
            rates.Accepted();

        Assert.Equal(1e-4f, rates.Dense);
    }

    [Fact]
    public void The_dense_part_is_averaged_and_the_rows_are_not()
    {
        var average = new DenseAverage();
        average.Apply(Parameters(1), TimeSpan.FromSeconds(2));
        var second = Parameters(4);
        average.Apply(second, TimeSpan.FromSeconds(2));

        Assert.Equal(3f, second["position"][0], 1e-5f);
        Assert.Equal((4f, 4f), (second["item"][40], second["outputBias"][1]));
    }

    private static SequentialParameters Parameters(float value)
    {
        var config = OnlineHarness.Options.Config;
        var values = new float[ParameterLayout.Of(config, Courses).Length];
        Array.Fill(values, value);
        return new(config, [.. Enumerable.Range(0, Courses).Select(c => $"c{c}")], values);
    }

    /// <summary>Ranks by its biases: the first ten courses, which are the targets, first or last.</summary>
    private static SequentialModel Model(bool liked, bool broken = false)
    {
        var parameters = Parameters(0);
        var bias = parameters["outputBias"];
        for (var row = 1; row <= Courses; row++)
            bias[row] =
                broken ? float.NaN
                : row <= 10 == liked ? 1
                : 0;
        return new(parameters, $"liked {liked}");
    }
}
