using System.Globalization;
using CourseRec.Cli.Output;
using CourseRec.Training.Batch;

namespace CourseRec.Cli.Training;

/// <summary>Where a training stands, in words. Written by the trainer's thread, read by the display's.</summary>
public sealed class TrainingStatus
{
    private volatile TrainingProgress? _last;
    private double _tokensPerSecond;

    /// <summary>Takes what the trainer reports.</summary>
    public void Report(TrainingProgress progress)
    {
        // A report that follows another at once has counted nothing yet.
        if (progress.TokensPerSecond > 0)
            Volatile.Write(ref _tokensPerSecond, progress.TokensPerSecond);
        _last = progress;
    }

    /// <summary>The state now.</summary>
    public ProgressState Read()
    {
        if (_last is not { } last)
            return new(null, "starting");
        var all = last.Elapsed + last.Remaining;
        return new(all > TimeSpan.Zero ? last.Elapsed / all : null, Describe(last));
    }

    private string Describe(TrainingProgress p)
    {
        var metric = p is { Metric: { } now, Best: { } best }
            ? string.Create(CultureInfo.InvariantCulture, $"validation NDCG@10 {now:0.0000} (best {best:0.0000})")
            : "not validated yet";
        var loss = p.Phase == TrainingPhase.Sampled ? "sampled loss" : "loss";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {p.Epoch}, {loss} {p.Loss:0.000}, {metric}, {Volatile.Read(ref _tokensPerSecond):N0} tokens/s, "
                + $"{Show(p.Remaining)} left at most"
        );
    }

    private static string Show(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}");
}
