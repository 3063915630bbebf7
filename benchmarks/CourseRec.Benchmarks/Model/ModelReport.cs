using System.Globalization;
using System.Text.Json.Serialization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks.Model;

/// <summary>What <c>bench model</c> measured.</summary>
internal sealed record ModelReport
{
    private const double Tolerance = 1e-3;

    /// <summary>Processor cores of the machine.</summary>
    public required int Cores { get; init; }

    /// <summary>V.</summary>
    public required int Courses { get; init; }

    /// <summary>The libtorch that CourseRec trains through; null without it.</summary>
    public required string? Libtorch { get; init; }

    /// <summary>Why training was not measured, in one line; null if it was.</summary>
    public required string? TrainingProblem { get; init; }

    /// <summary>The PyTorch that is compared with; null without it.</summary>
    public required string? PyTorch { get; init; }

    /// <summary>Why there is no comparison, in one line; null if there is.</summary>
    public required string? PyTorchProblem { get; init; }

    /// <summary>Ranking, by shape.</summary>
    public List<ServingResult> Serving { get; } = [];

    /// <summary>Online steps, by shape.</summary>
    public List<OnlineResult> Online { get; } = [];

    /// <summary>Training, by shape and threads.</summary>
    public List<TrainingResult> Training { get; } = [];

    /// <summary>Loss and gradient on both sides, by shape.</summary>
    public List<GradientAgreement> Gradients { get; } = [];

    /// <summary>Where CourseRec and PyTorch compute different things, in one line; null if nowhere.</summary>
    [JsonIgnore]
    public string? Disagreement =>
        Serving.Find(s => s.Peer is { Agreement.LargestDifference: > Tolerance })?.Shape is { } ranked
            ? $"'{ranked}' ranks otherwise than PyTorch with the same weights: its figures can't be compared."
        : Gradients.Find(g => Far(g.Loss, g.PeerLoss) || Far(g.Norm, g.PeerNorm))?.Shape is { } trained
            ? $"'{trained}' has another loss or gradient than PyTorch with the same weights: its figures can't be "
                + "compared."
        : null;

    /// <summary>As a table.</summary>
    public Table ToTable()
    {
        var table = Tables.New(
            $"bench model, {Cores} cores, {Courses:N0} courses, L {ModelTask.Length}",
            "figure",
            "CourseRec",
            PyTorch is null ? "no PyTorch" : $"PyTorch {PyTorch}",
            "times faster"
        );
        foreach (var serving in Serving)
        {
            table.Add(serving.Shape, "", "", "");
            Add(table, serving);
            foreach (var online in Online.Where(online => online.Shape == serving.Shape))
                Add(table, online);
            foreach (var training in Training.Where(training => training.Shape == serving.Shape))
                Add(table, training);
            foreach (var gradient in Gradients.Where(gradient => gradient.Shape == serving.Shape))
                Add(table, gradient);
        }
        return table;
    }

    private static void Add(Table table, ServingResult s)
    {
        var peer = s.Peer;
        table.Add("  rank one history, best 10, p50 ms", Ms(s.P50Ms), Ms(peer?.P50Ms), Times(peer?.Ratio));
        table.Add("    p99 ms", Ms(s.P99Ms), Ms(peer?.P99Ms), "");
        if (peer is not null)
            table.Add(
                "    PyTorch helped: last layer at the last token alone",
                Ms(s.P50Ms),
                Ms(peer.LastOnlyP50Ms),
                Times(peer.LastOnlyRatio)
            );
        table.Add(
            "  rank 32 at once, histories/s",
            Whole(s.BatchedPerSecond),
            Whole(peer?.BatchedPerSecond),
            Times(peer?.BatchedRatio)
        );
        if (peer is { Agreement: var a })
            table.Add(
                $"  equal lists of {a.Lists}; scores differ by at most",
                $"{a.Same}",
                Format(a.LargestDifference, "0.0e0"),
                ""
            );
    }

    private static void Add(Table table, OnlineResult o)
    {
        var figure = $"  online step, {o.Examples} examples, {o.Negatives:N0} negatives, p50 ms";
        table.Add(figure, Ms(o.MedianMs), Ms(o.PeerMedianMs), Times(o.Ratio));
        table.Add("    p99 ms", Ms(o.P99Ms), "", "");
        table.Add("    processor time, ms", Ms(o.ProcessorMs), "", "");
    }

    private static void Add(Table table, TrainingResult t)
    {
        var (peer, threads) = (t.Peer, t.Threads == 1 ? "1 thread" : $"{t.Threads} threads");
        table.Add(
            $"  train, {threads}, {t.Negatives:N0} negatives, tokens/s",
            Whole(t.TokensPerSecond),
            Whole(peer?.TokensPerSecond),
            Times(peer?.Ratio)
        );
        table.Add(
            "    like for like: full softmax on both sides",
            Whole(t.FullTokensPerSecond),
            Whole(peer?.TokensPerSecond),
            Times(peer?.FullRatio)
        );
    }

    private static void Add(Table table, GradientAgreement g)
    {
        table.Add("  loss of one batch, nats", Format(g.Loss, "0.00000"), Format(g.PeerLoss, "0.00000"), "");
        table.Add("    norm of its gradient", Format(g.Norm, "0.00000"), Format(g.PeerNorm, "0.00000"), "");
    }

    private static bool Far(double a, double b) => !(Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b)));

    private static string Ms(double? value) => Format(value, "0.000");

    private static string Whole(double? value) => Format(value, "N0");

    private static string Times(double? value) => Format(value, "0.0");

    private static string Format(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
