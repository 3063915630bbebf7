using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Tests.Batch;

/// <summary>
/// Users who mostly go from a course to its fixed successor: easy for a sequential model, hopeless for popularity.
/// </summary>
internal sealed class MarkovData
{
    public const int Courses = 40;

    public MarkovData(int users = 300)
    {
        var random = new Random(7);
        var successor = Enumerable.Range(1, Courses).ToArray();
        random.Shuffle(successor);
        Sequences = new int[users][];
        Targets = new int[users];
        for (var u = 0; u < users; u++)
        {
            var row = random.Next(1, Courses + 1);
            var sequence = new List<int> { row };
            for (var length = random.Next(5, 12); sequence.Count < length; )
                sequence.Add(row = random.NextDouble() < 0.9 ? successor[row - 1] : random.Next(1, Courses + 1));
            Sequences[u] = [.. sequence];
            Targets[u] = successor[row - 1];
        }
    }

    public int[][] Sequences { get; }

    /// <summary>What should come next.</summary>
    public int[] Targets { get; }

    public static string[] Ids => [.. Enumerable.Range(1, Courses).Select(i => $"c{i}")];

    /// <summary>NDCG@10 of the parameters, over all courses.</summary>
    public double Ndcg(SequentialParameters parameters)
    {
        using var model = TrainingModel.Create(parameters.Config, parameters.CourseIds, new() { Device = "cpu" });
        model.SetParameters(parameters);
        var total = 0.0;
        for (var u = 0; u < Sequences.Length; u++)
        {
            var ids = Sequences[u].TakeLast(parameters.Config.MaxHistory).ToList();
            if (parameters.Config.Objective == SequentialObjective.Cloze)
                ids.Add(Courses + 1);
            total += Gain(model.Scores([.. ids], ids.Count), Targets[u]);
        }
        return total / Sequences.Length;
    }

    /// <summary>NDCG@10 of the most popular courses.</summary>
    public double PopularityNdcg()
    {
        var counts = new float[Courses + 2];
        foreach (var row in Sequences.SelectMany(sequence => sequence))
            counts[row]++;
        return Targets.Average(target => Gain(counts, target));
    }

    private static double Gain(float[] scores, int target)
    {
        var rank = scores.AsSpan(1, Courses).ToArray().Count(score => score > scores[target]);
        return rank < 10 ? 1 / Math.Log2(rank + 2) : 0;
    }
}
