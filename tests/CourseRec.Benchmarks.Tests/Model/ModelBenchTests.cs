using CourseRec.Benchmarks.Model;
using CourseRec.Cli;
using CourseRec.Training.Native;

namespace CourseRec.Benchmarks.Tests.Model;

[Collection(MeasuringCollection.Name)]
public sealed class ModelBenchTests
{
    private const string NoPython = "/no/such/python";

    [Fact]
    public void Without_PyTorch_the_model_is_measured_alone_and_the_report_says_how_to_get_it()
    {
        var said = new List<string>();

        var report = ModelBench.Run(ModelBenchPlan.Quick, NoPython, said.Add, CancellationToken.None);

        Assert.Null(report.PyTorch);
        Assert.StartsWith(
            $"'{NoPython}' can't be run: CourseRec is measured alone.",
            report.PyTorchProblem,
            StringComparison.Ordinal
        );
        Assert.Contains("apt-get install python3-torch", report.PyTorchProblem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', report.PyTorchProblem!);
        Assert.Equal(2, report.Serving.Count);
        Assert.All(report.Serving, serving => Assert.True(serving is { P50Ms: > 0, Peer: null }, $"{serving}"));
        Assert.Equal(TrainingRuntime.IsAvailable ? 2 : 0, report.Online.Count);
        Assert.All(report.Online, online => Assert.True(online is { MedianMs: > 0, Ratio: null }, $"{online}"));
        Assert.Equal(report.Online.Count, report.Training.Count);
        Assert.All(report.Training, t => Assert.True(t is { TokensPerSecond: > 0, Peer: null }, $"{t}"));
        Assert.Null(report.Disagreement);
        Assert.Contains(said, what => what.Contains("serving: cloze", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_there_is_PyTorch_both_rank_alike_and_have_one_loss_and_gradient()
    {
        var (peer, problem) = PyTorchPeer.Start(ModelBench.DefaultPython);
        using (peer)
            if (peer is null)
            {
                Assert.Contains("PyTorch", problem, StringComparison.Ordinal);
                return;
            }

        var report = ModelBench.Run(ModelBenchPlan.Quick, ModelBench.DefaultPython, _ => { }, CancellationToken.None);

        Assert.Null(report.Disagreement);
        Assert.Equal(peer.Version, report.PyTorch);
        Assert.All(
            report.Serving,
            serving =>
            {
                var agreement = serving.Peer!.Agreement;
                Assert.Equal(agreement.Lists, agreement.Same);
                Assert.InRange(agreement.LargestDifference, 0, 1e-4);
            }
        );
        Assert.All(report.Training, training => Assert.NotNull(training.Peer));
        Assert.Equal(report.Online.Count, report.Gradients.Count);
    }

    [Fact]
    public void A_peer_that_fails_says_why_in_one_line()
    {
        var (peer, _) = PyTorchPeer.Start(ModelBench.DefaultPython);
        using (peer)
            if (peer is not null)
            {
                var failure = Assert.Throws<CliException>(() => peer.Ask("fly"));
                Assert.Equal(
                    "The PyTorch peer failed to fly: AttributeError: 'Peer' object has no attribute 'fly'.",
                    failure.Message
                );
            }
    }

    [Fact]
    public async Task The_verb_prints_a_table_or_JSON_and_refuses_what_it_does_not_know()
    {
        Assert.Equal((0, ""), await BenchProgram.RunAsync("bench", "model", "--quick", "--python", NoPython));
        Assert.Equal((0, ""), await BenchProgram.RunAsync("bench", "model", "--quick", "--python", NoPython, "--json"));
        Assert.Equal(
            (2, "'--fast' is not known to 'model'. See --help."),
            await BenchProgram.RunAsync("bench", "model", "--fast")
        );
    }

    [Fact]
    public void Contenders_take_turns_the_first_round_warms_up_and_ratios_are_taken_round_by_round()
    {
        var turns = "";
        double[] Turn(string who, params double[] rounds)
        {
            turns += who;
            return [rounds[turns.Count(c => c == who[0]) - 1]];
        }

        var samples = ModelRounds.Run(
            3,
            CancellationToken.None,
            () => Turn("a", 100, 1, 2, 4),
            null,
            () => Turn("b", 1, 10, 30, 36)
        );

        Assert.Equal("abababab", turns);
        Assert.Null(samples[1]);
        Assert.Equal((2, 4), (samples[0]!.Median, samples[0]!.P99));
        Assert.Equal(10, samples[0]!.FasterThan(samples[2]!));
    }

    [Theory]
    [InlineData(1e-2, 5.0, "'next' ranks otherwise than PyTorch")]
    [InlineData(1e-6, 5.1, "'next' has another loss or gradient than PyTorch")]
    [InlineData(1e-6, 5.0, null)]
    [InlineData(1e-6, double.NaN, "'next' has another loss or gradient than PyTorch")]
    public void A_report_whose_sides_compute_different_things_says_so(double scores, double loss, string? expected)
    {
        var report = new ModelReport
        {
            Cores = 1,
            Courses = 1,
            Libtorch = "1",
            PyTorch = "1",
            TrainingProblem = null,
            PyTorchProblem = null,
        };
        report.Serving.Add(new("next", 1, 1, 1, new(1, 1, 1, 1, 1, 1, 1, new(64, 60, scores))));
        report.Gradients.Add(new("next", 5, loss, 1, 1));

        Assert.StartsWith(expected ?? "none", report.Disagreement ?? "none", StringComparison.Ordinal);
    }
}
