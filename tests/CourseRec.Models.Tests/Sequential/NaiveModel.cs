using CourseRec.Models.Sequential;

namespace CourseRec.Models.Tests.Sequential;

/// <summary>
/// The model as it is written down, in double precision and nothing else: every layer at every position of a sequence
/// padded to L, masks added to the attention scores, erf by its series. Slow, and shares no code with the one that
/// serves.
/// </summary>
internal sealed class NaiveModel(SequentialParameters p)
{
    private readonly SequentialConfig _c = p.Config;
    private readonly int _d = p.Config.Dimension;

    /// <summary>
    /// The score of every course, [V]; the history holds known courses only and at least one token is fed.
    /// </summary>
    public double[] Scores(IReadOnlyList<int> history)
    {
        var tokens = history.TakeLast(_c.MaxHistory).Select(course => course + 1).ToList();
        if (_c.Objective == SequentialObjective.Cloze)
            tokens.Add(p.CourseIds.Count + 1);
        var padding = _c.MaxLength - tokens.Count;
        int[] padded = [.. Enumerable.Repeat(0, padding), .. tokens];
        var x = new double[_c.MaxLength][];
        for (var t = 0; t < _c.MaxLength; t++)
        {
            var place = Math.Max(0, _c.Anchor == SequenceAnchor.End ? t : t - padding);
            x[t] = [.. Row("item", padded[t]).Zip(Row("position", place), (a, b) => a + b)];
            if (_c.Block == SequentialBlock.Plain)
                x[t] = Norm("inputNorm", x[t]);
        }
        for (var layer = 0; layer < _c.Layers; layer++)
            x =
                _c.Block == SequentialBlock.Plain
                    ? Plain($"layer{layer}.", x, padding)
                    : Gated($"layer{layer}.", x, padding);
        var h = x[^1];
        h =
            _c.Block == SequentialBlock.Plain
                ? Norm("headNorm", [.. Linear("head", h).Select(Gelu)])
                : Norm("finalNorm", h);
        return
        [
            .. Enumerable
                .Range(1, p.CourseIds.Count)
                .Select(row => Row("item", row).Zip(h, (a, b) => a * b).Sum() + p["outputBias"][row]),
        ];
    }

    private double[][] Plain(string layer, double[][] x, int padding)
    {
        var attended = Attention(layer, x, padding);
        return
        [
            .. x.Select(
                (row, t) =>
                {
                    row = Norm(layer + "norm1", Sum(row, Linear(layer + "proj", attended[t])));
                    double[] inner = [.. Linear(layer + "ff1", row).Select(Gelu)];
                    return Norm(layer + "norm2", Sum(row, Linear(layer + "ff2", inner)));
                }
            ),
        ];
    }

    private double[][] Gated(string layer, double[][] x, int padding)
    {
        var attended = Attention(layer, [.. x.Select(row => Norm(layer + "norm1", row))], padding);
        return
        [
            .. x.Select(
                (row, t) =>
                {
                    row = Sum(row, Gate(Linear(layer + "gate1", row), Linear(layer + "proj", attended[t])));
                    var u = Linear(layer + "up", Norm(layer + "norm2", row));
                    double[] inner =
                    [
                        .. Enumerable
                            .Range(0, _c.FeedForward)
                            .Select(i => u[i] * Sigmoid(u[i]) * u[_c.FeedForward + i]),
                    ];
                    return Sum(row, Gate(Linear(layer + "gate2", row), Linear(layer + "down", inner)));
                }
            ),
        ];
    }

    private double[][] Attention(string layer, double[][] x, int padding)
    {
        var qkv = x.Select(row => Linear(layer + "qkv", row)).ToArray();
        var result = x.Select(_ => new double[_d]).ToArray();
        var size = _d / _c.Heads;
        for (var head = 0; head < _c.Heads; head++)
        for (var t = padding; t < x.Length; t++)
        {
            var weights = new double[x.Length];
            for (var s = 0; s < x.Length; s++)
            {
                var masked = s < padding || _c.Objective == SequentialObjective.NextItem && s > t;
                for (var i = head * size; i < (head + 1) * size; i++)
                    weights[s] += qkv[t][i] * qkv[s][_d + i] / Math.Sqrt(size);
                weights[s] = masked ? double.NegativeInfinity : weights[s];
            }
            var highest = weights.Max();
            weights = [.. weights.Select(w => Math.Exp(w - highest))];
            var sum = weights.Sum();
            for (var s = 0; s < x.Length; s++)
            for (var i = head * size; i < (head + 1) * size; i++)
                result[t][i] += weights[s] / sum * qkv[s][2 * _d + i];
        }
        return result;
    }

    private double[] Row(string tensor, int row) =>
        [.. p[tensor].Slice(row * _d, _d).ToArray().Select(value => (double)value)];

    private double[] Linear(string name, double[] x)
    {
        var (weight, bias) = (p[name + ".weight"].ToArray(), p[name + ".bias"].ToArray());
        return
        [
            .. bias.Select((b, row) => b + x.Select((value, column) => value * weight[row * x.Length + column]).Sum()),
        ];
    }

    private double[] Norm(string name, double[] x)
    {
        var (weight, bias) = (p[name + ".weight"].ToArray(), p[name + ".bias"].ToArray());
        var mean = x.Average();
        var variance = x.Average(value => (value - mean) * (value - mean));
        return [.. x.Select((value, i) => (value - mean) / Math.Sqrt(variance + 1e-5) * weight[i] + bias[i])];
    }

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Gate(double[] gate, double[] x) => [.. gate.Zip(x, (g, value) => Sigmoid(g) * value)];

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5)
            return Math.Sign(x);
        var (term, sum) = (x, x);
        for (var n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
