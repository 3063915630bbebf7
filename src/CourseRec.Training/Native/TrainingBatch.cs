namespace CourseRec.Training.Native;

/// <summary>Sequences of one step: [Sequences, Length], row-major, padded on the left with 0.</summary>
/// <param name="Ids">Rows of <c>item</c>: 1 … V courses, V + 1 the mask; 0 is padding.</param>
/// <param name="Labels">The course to predict at each place, 0 for none.</param>
/// <param name="Length">Tokens a sequence, padding included.</param>
public readonly record struct TrainingBatch(int[] Ids, int[] Labels, int Length)
{
    /// <summary>How many sequences there are.</summary>
    public int Sequences => Length == 0 ? 0 : Ids.Length / Length;

    /// <exception cref="ArgumentException">The arrays don't fit together.</exception>
    internal void Check()
    {
        if (Length < 1 || Ids.Length == 0 || Ids.Length % Length != 0 || Labels.Length != Ids.Length)
            throw new ArgumentException(
                $"A batch has {Ids.Length} ids and {Labels.Length} labels; both must be a multiple of its length "
                    + $"{Length}."
            );
    }
}
