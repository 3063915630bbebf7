using System.Diagnostics;
using CourseRec.Training.Batch;
using CourseRec.Training.Native;

namespace CourseRec.Benchmarks.Model;

/// <summary>
/// Trains one shape with both: CourseRec as <c>train</c> would at this size (negatives shared by the batch, only
/// touched rows updated), and both with the full softmax; then the steps that keep a model fresh online. PyTorch: full
/// softmax, dense AdamW.
/// </summary>
internal static class ModelTraining
{
    /// <summary>Share of values dropped, on both sides.</summary>
    public const float Dropout = 0.1f;

    private const int OnlineNegatives = 1024;

    /// <summary>Measures tokens per second. The peer has loaded the task.</summary>
    public static TrainingResult Run(
        ModelTask task,
        int threads,
        ModelBenchPlan plan,
        PyTorchPeer? peer,
        CancellationToken cancel
    )
    {
        var defaults = TrainingDefaults.For(task.Shape.Objective, task.Courses, [ModelTask.Length]).Options;
        using var model = Create(task, defaults.Model with { Threads = threads, Dropout = Dropout });
        var step = new TrainingStep(defaults.LearningRate, defaults.LearningRate, defaults.Negatives);
        var samples = ModelRounds.Run(
            plan.Rounds,
            cancel,
            () => Steps(model, task.Training, step, plan.SampledSteps),
            () => Steps(model, task.Training, step with { Negatives = 0 }, plan.FullSteps),
            peer is null ? null : () => Theirs(peer, "training", threads, plan.FullSteps)
        );
        var tokens = task.Training.Average(batch => batch.Ids.Count(id => id != 0));
        double PerSecond(ModelSample sample) => tokens * 1000 / sample.Median;
        var (sampled, full) = (samples[0]!, samples[1]!);
        return new(
            task.Name,
            threads,
            defaults.Negatives,
            PerSecond(sampled),
            PerSecond(full),
            samples[2] is { } other ? new(PerSecond(other), sampled.FasterThan(other), full.FasterThan(other)) : null
        );
    }

    /// <summary>Loss and gradient of one batch on both sides, from the same weights, without dropout.</summary>
    public static GradientAgreement Compare(ModelTask task, PyTorchPeer peer)
    {
        using var model = Create(task, new() { Device = "cpu" });
        var own = model.Gradient(task.Training[0], negatives: 0).Result;
        var theirs = peer.Ask("gradient");
        return new(task.Name, own.Loss, (double)theirs["loss"]!, own.GradientNorm, (double)theirs["norm"]!);
    }

    /// <summary>Measures online steps, one thread. The peer has loaded the task.</summary>
    public static OnlineResult RunOnline(
        ModelTask task,
        ModelBenchPlan plan,
        PyTorchPeer? peer,
        CancellationToken cancel
    )
    {
        using var model = Create(task, new() { Rows = RowOptimiser.RowRms, Dropout = Dropout });
        var step = new TrainingStep(1e-4f, 1e-3f, OnlineNegatives);
        var processor = new List<double>(); // ms a step, round by round
        var samples = ModelRounds.Run(
            plan.Rounds,
            cancel,
            () =>
            {
                var before = Environment.CpuUsage.TotalTime;
                var times = Steps(model, task.Online, step, plan.OnlineSteps);
                processor.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times.Length);
                return times;
            },
            peer is null ? null : () => Theirs(peer, "online", threads: 1, Math.Max(1, plan.OnlineSteps / 10))
        );
        return new(
            task.Name,
            ModelTask.OnlineExamples,
            OnlineNegatives,
            samples[0]!.Median,
            samples[0]!.P99,
            Percentiles.Median(processor.Skip(1)),
            samples[1]?.Median,
            samples[1] is { } other ? samples[0]!.FasterThan(other) : null
        );
    }

    private static TrainingModel Create(ModelTask task, TrainingModelOptions options)
    {
        var model = TrainingModel.Create(task.Shape, task.Parameters.CourseIds, options with { Device = "cpu" });
        model.SetParameters(task.Parameters);
        return model;
    }

    private static double[] Steps(TrainingModel model, TrainingBatch[] batches, in TrainingStep step, int count)
    {
        var times = new double[count];
        for (var i = 0; i < count; i++)
        {
            var start = Stopwatch.GetTimestamp();
            model.Step(batches[i % batches.Length], step);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return times;
    }

    private static double[] Theirs(PyTorchPeer peer, string batches, int threads, int steps) =>
        peer.Time("train", ("batches", batches), ("threads", threads), ("steps", steps));
}

/// <summary>Training one shape.</summary>
/// <param name="Shape">Which.</param>
/// <param name="Threads">On both sides.</param>
/// <param name="Negatives">Shared by a batch, in CourseRec's default.</param>
/// <param name="TokensPerSecond">CourseRec's default at this size.</param>
/// <param name="FullTokensPerSecond">CourseRec with the full softmax.</param>
/// <param name="Peer">PyTorch; null without it.</param>
internal sealed record TrainingResult(
    string Shape,
    int Threads,
    int Negatives,
    double TokensPerSecond,
    double FullTokensPerSecond,
    TrainingPeer? Peer
);

/// <summary>PyTorch's figure and how many times faster CourseRec is.</summary>
/// <param name="TokensPerSecond">Full softmax, dense AdamW.</param>
/// <param name="Ratio">Of CourseRec's default.</param>
/// <param name="FullRatio">Like for like: of CourseRec with the full softmax.</param>
internal sealed record TrainingPeer(double TokensPerSecond, double Ratio, double FullRatio);

/// <summary>One batch on both sides.</summary>
/// <param name="Shape">Which.</param>
/// <param name="Loss">CourseRec's, nats.</param>
/// <param name="PeerLoss">PyTorch's.</param>
/// <param name="Norm">Of CourseRec's gradient.</param>
/// <param name="PeerNorm">Of PyTorch's.</param>
internal sealed record GradientAgreement(string Shape, double Loss, double PeerLoss, double Norm, double PeerNorm);

/// <summary>Online steps of one shape, one thread.</summary>
/// <param name="Shape">Which.</param>
/// <param name="Examples">A step.</param>
/// <param name="Negatives">Shared by a step.</param>
/// <param name="MedianMs">A step.</param>
/// <param name="P99Ms">A step, 99th percentile.</param>
/// <param name="ProcessorMs">Processor time a step takes, whatever else the machine does; median of the rounds.</param>
/// <param name="PeerMedianMs">PyTorch's; null without it.</param>
/// <param name="Ratio">Of the medians; null without PyTorch.</param>
internal sealed record OnlineResult(
    string Shape,
    int Examples,
    int Negatives,
    double MedianMs,
    double P99Ms,
    double ProcessorMs,
    double? PeerMedianMs,
    double? Ratio
);
