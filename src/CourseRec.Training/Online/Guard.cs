using System.Globalization;
using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// Compares a model with the one that serves on the last examples of users who never train, sequence by sequence, and
/// refuses one that is worse beyond chance and beyond a hundredth.
/// </summary>
internal sealed class Guard(HeldOutExamples heldOut, Vocabulary vocabulary, TimeProvider time)
{
    private const int Fewest = 32;
    private const int FewestWhenCostly = 64;
    private const double StandardErrors = 3;
    private const double Tolerance = 0.01;

    private readonly SequenceGain _gain = new(vocabulary);
    private double _secondsEach;

    /// <summary>Judges a model; what it scores is kept for the time when it serves itself.</summary>
    /// <param name="candidate">The new model; its courses begin with those of the serving one.</param>
    /// <param name="serving">The one that serves; null: there is nothing to be worse than.</param>
    /// <param name="budget">About as long as the comparison may take; sequences are left out to fit, down to
    /// 64.</param>
    public Verdict Judge(SequentialModel candidate, SequentialModel? serving, TimeSpan budget)
    {
        var examples = heldOut.Recent.TakeLast(Affordable(budget)).ToArray();
        if (serving is null || examples.Length < Fewest)
            return new(null, [], []);
        var began = time.GetTimestamp();
        Complete(serving, examples);
        var (common, all) = (new double[examples.Length], new double[examples.Length]);
        _gain.Of(candidate, examples, serving.CourseCount, common, all);
        _secondsEach = time.GetElapsedTime(began).TotalSeconds / examples.Length;
        return new(Refusal(examples, common), examples, all);
    }

    private int Affordable(TimeSpan budget) =>
        _secondsEach <= 0
            ? HeldOutExamples.RecentCapacity
            : (int)Math.Clamp(budget.TotalSeconds / _secondsEach, FewestWhenCostly, HeldOutExamples.RecentCapacity);

    /// <summary>Scores with the serving model what came since it was judged itself.</summary>
    private void Complete(SequentialModel serving, HeldOutExample[] examples)
    {
        var missing = Array.FindAll(examples, example => !ReferenceEquals(example.JudgedBy, serving));
        var (common, all) = (new double[missing.Length], new double[missing.Length]);
        _gain.Of(serving, missing, serving.CourseCount, common, all);
        new Verdict(null, missing, all).Keep(serving);
    }

    private static string? Refusal(HeldOutExample[] examples, double[] gains)
    {
        var (n, sum, squares, before) = (0, 0.0, 0.0, 0.0);
        for (var i = 0; i < examples.Length; i++)
        {
            var change = gains[i] - examples[i].Gain; // up is better
            if (double.IsNaN(change))
                continue;
            n++;
            (sum, squares, before) = (sum + change, squares + change * change, before + examples[i].Gain);
        }
        if (n < Fewest)
            return null;
        var mean = sum / n;
        var error = Math.Sqrt(Math.Max(0, squares / n - mean * mean) / (n - 1));
        var limit = Math.Max(StandardErrors * error, Tolerance * before / n);
        return mean >= -limit
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"its gain on {n} held-out sequences is {(before + sum) / n:0.0000} instead of {before / n:0.0000}, "
                    + $"a fall of {-mean:0.0000} where {limit:0.0000} is allowed"
            );
    }
}

/// <summary>What the guard found.</summary>
/// <param name="Refusal">Why the model must not serve, in half a line; null if it may.</param>
/// <param name="Examples">What it was judged on, [n].</param>
/// <param name="Gains">Its gains on them, over all its courses, [n].</param>
internal readonly record struct Verdict(string? Refusal, HeldOutExample[] Examples, double[] Gains)
{
    /// <summary>Notes the gains as those of a model that serves now.</summary>
    public void Keep(SequentialModel model)
    {
        for (var i = 0; i < Examples.Length; i++)
            (Examples[i].JudgedBy, Examples[i].Gain) = (model, Gains[i]);
    }
}
