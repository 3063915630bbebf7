using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Batch;

/// <summary>Shape and settings that suit a data set, from its size alone; docs/training.md has the reasons.</summary>
/// <param name="Config">The model's shape.</param>
/// <param name="Options">How it is trained.</param>
public sealed record TrainingDefaults(SequentialConfig Config, BatchTrainerOptions Options)
{
    /// <summary>Catalogues up to this many courses end with the full softmax.</summary>
    internal const int SmallCatalogue = 5_000;

    private const int LongestContext = 200;

    /// <summary>Fewer users than this make too few steps an epoch in batches of 128.</summary>
    private const int FewUsers = 2_000;

    /// <summary>
    /// Long histories, as MovieLens has them (165 on average), are trained with little dropout in the published
    /// recipes.
    /// </summary>
    private const int LongHistory = 50;

    // On MOOCCubeX (one seed, NDCG@10 on validation): the gated layers learn faster from 0.02 than from 0.07 or 0.1;
    // the post-norm ones reached 0.126 after three epochs with 0.07 and the full softmax, 0.087 with 0.02 and sampled
    // negatives first.
    private const float GatedInitStd = 0.02f;
    private const float PlainInitStd = 0.07f;

    /// <summary>The defaults of an objective for a data set.</summary>
    /// <param name="objective">What is predicted; cloze is BERT4Rec with plain layers, next-item has gated
    /// ones.</param>
    /// <param name="courses">V.</param>
    /// <param name="lengths">How many interactions each user has.</param>
    /// <exception cref="ArgumentException">There are no users.</exception>
    public static TrainingDefaults For(SequentialObjective objective, int courses, IReadOnlyList<int> lengths)
    {
        if (lengths.Count == 0)
            throw new ArgumentException("There are no users to learn from.");
        var (cloze, small) = (objective == SequentialObjective.Cloze, courses <= SmallCatalogue);
        var interactions = lengths.Sum(length => (long)length);
        var batch = lengths.Count < FewUsers ? 32 : 128;
        var steps = (lengths.Count + batch - 1) / batch;
        var config = (cloze ? SequentialConfig.Bert4Rec : new SequentialConfig()) with { MaxLength = Context(lengths) };
        var options = new BatchTrainerOptions
        {
            Model = new TrainingModelOptions
            {
                Threads = Math.Clamp(Environment.ProcessorCount, 1, 8),
                Dropout =
                    interactions >= (long)LongHistory * lengths.Count || interactions >= 500L * courses ? 0.1f : 0.2f,
                SpareLater = !cloze,
                InitStd = cloze ? PlainInitStd : GatedInitStd,
            },
            BatchSize = batch,
            Negatives = small ? 512 : 1_024,
            SampledShare =
                !small ? 1
                : cloze ? 0
                : 0.6,
            SampledEpochs = Epochs(40, 2_000),
            Epochs = Epochs(500, 20_000),
            Patience = cloze ? 20 : 10,
            ValidateEvery = interactions > 5_000_000 ? 1 : Epochs(3, 100),
        };
        return new(config, options);

        // An epoch of a small data set is a few steps: what is counted in epochs has a least number of steps beside it.
        int Epochs(int least, int leastSteps) => Math.Max(least, (leastSteps + steps - 1) / steps);
    }

    /// <summary>Covers 95 % of the users, in steps of 10, 20 to 200.</summary>
    private static int Context(IReadOnlyList<int> lengths)
    {
        var sorted = lengths.Order().ToArray();
        var most = sorted[(int)(0.95 * (sorted.Length - 1))];
        return Math.Clamp((most + 9) / 10 * 10, 20, LongestContext);
    }
}
