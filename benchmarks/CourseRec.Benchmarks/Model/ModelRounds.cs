using System.Diagnostics;

namespace CourseRec.Benchmarks.Model;

/// <summary>Milliseconds that one contender took, round by round.</summary>
internal sealed class ModelSample
{
    private readonly List<double> _all = [];
    private readonly List<double> _medians = [];

    /// <summary>The median of all.</summary>
    public double Median => Percentiles.Median(_all);

    /// <summary>The 99th percentile of all.</summary>
    public double P99 => Percentiles.Of([.. _all.Order()], 0.99);

    /// <summary>Takes one round's times.</summary>
    public void Add(double[] milliseconds)
    {
        _all.AddRange(milliseconds);
        _medians.Add(Percentiles.Median(milliseconds));
    }

    /// <summary>How many times slower another contender is: the median of the rounds' ratios.</summary>
    public double FasterThan(ModelSample other) =>
        Percentiles.Median(_medians.Zip(other._medians, (own, theirs) => theirs / own));
}

/// <summary>Measures contenders in short turns, so that whatever else the machine does hits all of them.</summary>
internal static class ModelRounds
{
    // On a machine so busy that this passes, fewer rounds must do.
    private const int FewestRounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    /// <summary>Runs one round to warm up, then the measured ones.</summary>
    /// <param name="rounds">Measured rounds; on a very busy machine three are enough.</param>
    /// <param name="cancel">Stops between two turns.</param>
    /// <param name="contenders">Each measures one turn, in milliseconds; null where there is none.</param>
    /// <returns>A sample of each contender, null where there is none.</returns>
    public static ModelSample?[] Run(int rounds, CancellationToken cancel, params Func<double[]>?[] contenders)
    {
        var samples = contenders.Select(contender => contender is null ? null : new ModelSample()).ToArray();
        var watch = Stopwatch.StartNew();
        for (var round = 0; round <= rounds && (round <= FewestRounds || watch.Elapsed < Patience); round++)
        for (var i = 0; i < contenders.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (contenders[i]?.Invoke() is { } times && round > 0)
                samples[i]!.Add(times);
        }
        return samples;
    }
}
