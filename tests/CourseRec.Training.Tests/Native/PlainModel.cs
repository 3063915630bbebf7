using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Tests.Native;

/// <summary>
/// The model written down as plainly as possible, in double precision: what the native one is compared with.
/// </summary>
internal sealed class PlainModel(SequentialConfig config, int courses, double[] values)
{
    private readonly ParameterLayout _layout = ParameterLayout.Of(config, courses);

    /// <summary>Mean cross-entropy over the labelled places of a batch, over all courses.</summary>
    public double Loss(TrainingBatch batch) =>
        Loss(batch, (logits, label) => Math.Log(logits[1..^1].Sum(Math.Exp)) - logits[label]);

    /// <summary>Mean over the labelled places of a batch of what a place's logits and label cost.</summary>
    public double Loss(TrainingBatch batch, Func<double[], int, double> cost)
    {
        var (sum, count) = (0.0, 0);
        for (var b = 0; b < batch.Sequences; b++)
        {
            var ids = batch.Ids.AsSpan(b * batch.Length, batch.Length);
            var hidden = Encode(ids, out var begin);
            for (var t = begin; t < batch.Length; t++)
                if (batch.Labels[b * batch.Length + t] is var label and > 0)
                {
                    sum += cost(Logits(hidden[t - begin]), label);
                    count++;
                }
        }
        return sum / count;
    }

    /// <summary>Logits of all rows at the last token.</summary>
    public double[] Scores(ReadOnlySpan<int> ids) => Logits(Encode(ids, out _)[^1]);

    private double[] Logits(double[] h) =>
        [.. Enumerable.Range(0, courses + 2).Select(r => Dot(h, Row("item", r)) + Row("outputBias", r)[0])];

    private double[][] Encode(ReadOnlySpan<int> ids, out int begin)
    {
        begin = 0;
        while (ids[begin] == 0)
            begin++;
        var x = new double[ids.Length - begin][];
        for (var t = begin; t < ids.Length; t++)
        {
            var position = config.Anchor == SequenceAnchor.End ? config.MaxLength - ids.Length + t : t - begin;
            x[t - begin] = Add(Row("item", ids[t]), Row("position", position));
        }
        if (config.Block == SequentialBlock.Plain)
            x = Each(x, v => Norm("inputNorm", v));
        for (var i = 0; i < config.Layers; i++)
            x = config.Block == SequentialBlock.Plain ? Plain($"layer{i}.", x) : Gated($"layer{i}.", x);
        return config.Block == SequentialBlock.Plain
            ? Each(x, v => Norm("headNorm", Each(Linear("head", v), Gelu)))
            : Each(x, v => Norm("finalNorm", v));
    }

    private double[][] Plain(string layer, double[][] x)
    {
        var a = Attention(layer, x);
        x = Each(x, (v, i) => Norm(layer + "norm1", Add(v, a[i])));
        return Each(x, v => Norm(layer + "norm2", Add(v, Linear(layer + "ff2", Each(Linear(layer + "ff1", v), Gelu)))));
    }

    private double[][] Gated(string layer, double[][] x)
    {
        var a = Attention(layer, Each(x, v => Norm(layer + "norm1", v)));
        x = Each(x, (v, i) => Add(v, Times(Each(Linear(layer + "gate1", v), Sigmoid), a[i])));
        return Each(
            x,
            v =>
            {
                var u = Linear(layer + "up", Norm(layer + "norm2", v));
                var inner = Times(Each(u[..config.FeedForward], z => z * Sigmoid(z)), u[config.FeedForward..]);
                return Add(v, Times(Each(Linear(layer + "gate2", v), Sigmoid), Linear(layer + "down", inner)));
            }
        );
    }

    private double[][] Attention(string layer, double[][] x)
    {
        var (d, width) = (config.Dimension, config.Dimension / config.Heads);
        var qkv = Each(x, v => Linear(layer + "qkv", v));
        var mixed = new double[x.Length][];
        for (var t = 0; t < x.Length; t++)
        {
            mixed[t] = new double[d];
            var visible = config.Objective == SequentialObjective.NextItem ? t + 1 : x.Length;
            for (var head = 0; head < d; head += width)
            {
                var q = qkv[t][head..(head + width)];
                var weights = new double[visible];
                for (var s = 0; s < visible; s++)
                    weights[s] = Math.Exp(Dot(q, qkv[s][(d + head)..(d + head + width)]) / Math.Sqrt(width));
                var total = weights.Sum();
                for (var s = 0; s < visible; s++)
                for (var j = 0; j < width; j++)
                    mixed[t][head + j] += weights[s] / total * qkv[s][2 * d + head + j];
            }
        }
        return Each(mixed, v => Linear(layer + "proj", v));
    }

    private double[] Linear(string name, double[] x)
    {
        var bias = Row(name + ".bias", 0);
        return [.. bias.Select((b, o) => b + Dot(Row(name + ".weight", o), x))];
    }

    private double[] Norm(string name, double[] x)
    {
        var mean = x.Average();
        var scale = 1 / Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        var (weight, bias) = (Row(name + ".weight", 0), Row(name + ".bias", 0));
        return [.. x.Select((v, i) => (v - mean) * scale * weight[i] + bias[i])];
    }

    private double[] Row(string name, int row)
    {
        var place = _layout[name];
        return values[(place.Offset + row * place.Columns)..(place.Offset + (row + 1) * place.Columns)];
    }

    private static double[][] Each(double[][] x, Func<double[], double[]> f) => [.. x.Select(f)];

    private static double[][] Each(double[][] x, Func<double[], int, double[]> f) => [.. x.Select(f)];

    private static double[] Each(double[] x, Func<double, double> f) => [.. x.Select(f)];

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Times(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x * y)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Gelu(double x) => x / 2 * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>By its Maclaurin series: exact in double precision for the small values of these tests.</summary>
    private static double Erf(double x)
    {
        var (sum, term) = (x, x);
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
