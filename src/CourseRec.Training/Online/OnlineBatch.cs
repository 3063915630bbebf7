using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Online;

/// <summary>
/// Puts sequences of one step together: fresh ones with a loss at their fresh courses alone, repeated ones with a loss
/// everywhere.
/// </summary>
internal sealed class OnlineBatch(SequentialConfig config, Vocabulary vocabulary, Random random)
{
    private const double MaskShare = 0.2; // of a repeated cloze sequence
    private const double LastOnlyShare = 0.2; // of them mask the last course alone, as serving does

    private readonly List<(int[] Rows, int Targets)> _sequences = [];
    private readonly int _mostRows = config.MaxLength + (config.Objective == SequentialObjective.NextItem ? 1 : 0);

    /// <summary>Targets put in since the last <see cref="Build"/>.</summary>
    public int Targets { get; private set; }

    private bool Cloze => config.Objective == SequentialObjective.Cloze;

    /// <summary>Adds a sequence.</summary>
    /// <param name="courses">Process indices, oldest first; all have rows.</param>
    /// <param name="fresh">How many of the last ones are targets; 0: a repeated one.</param>
    public void Add(int[] courses, int fresh)
    {
        var rows = Array.ConvertAll(courses[^Math.Min(_mostRows, courses.Length)..], vocabulary.Row);
        var possible = Cloze ? rows.Length : rows.Length - 1;
        var targets =
            fresh > 0 ? Math.Min(fresh, possible)
            : Cloze ? 0
            : possible;
        if (possible < 1)
            return;
        _sequences.Add((rows, targets));
        Targets += Math.Max(1, targets);
    }

    /// <summary>The batch of all that was added, which begins anew; null if nothing was.</summary>
    public TrainingBatch? Build()
    {
        if (_sequences.Count == 0)
            return null;
        var length = _sequences.Max(s => s.Rows.Length) - (Cloze ? 0 : 1);
        var batch = new TrainingBatch(new int[_sequences.Count * length], new int[_sequences.Count * length], length);
        for (var i = 0; i < _sequences.Count; i++)
        {
            var (rows, targets) = _sequences[i];
            var tokens = Cloze ? rows.Length : rows.Length - 1;
            var from = (i + 1) * length - tokens;
            var ids = batch.Ids.AsSpan(from, tokens);
            var labels = batch.Labels.AsSpan(from, tokens);
            rows.AsSpan(..tokens).CopyTo(ids);
            if (Cloze)
                Mask(rows, targets, ids, labels);
            else
                rows.AsSpan(^targets..).CopyTo(labels[^targets..]);
        }
        _sequences.Clear();
        Targets = 0;
        return batch;
    }

    /// <summary>Masks the last courses, or, of a repeated sequence, some of them all.</summary>
    private void Mask(int[] rows, int targets, Span<int> ids, Span<int> labels)
    {
        var mask = vocabulary.Count + 1;
        var last = targets > 0 ? targets : 1;
        var everywhere = targets == 0 && random.NextDouble() >= LastOnlyShare;
        var any = false;
        for (var t = 0; t < rows.Length; t++)
            if (everywhere ? random.NextDouble() < MaskShare : t >= rows.Length - last)
                (ids[t], labels[t], any) = (mask, rows[t], true);
        if (!any)
            (ids[^1], labels[^1]) = (mask, rows[^1]);
    }
}
