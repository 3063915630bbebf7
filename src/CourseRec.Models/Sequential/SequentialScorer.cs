using CourseRec.Models.Sequential.Kernels;

namespace CourseRec.Models.Sequential;

/// <summary>
/// Ranks with a <see cref="SequentialModel"/>: encode some histories, then ask for scores or the best courses of each.
/// Holds the scratch space of one thread, for any number of models; allocates only when a model or a batch is larger
/// than any before. Courses are the model's own, 0 … V − 1.
/// </summary>
public sealed class SequentialScorer
{
    private const int MaxTokensAtOnce = 256;

    private readonly ForwardBuffers _buffers = new();
    private readonly TopCandidates _candidates = new();
    private SequentialModel? _model;
    private AlignedArray<float> _outputs; // [B, d]
    private AlignedArray<sbyte> _codes; // [d]
    private float[] _scores = [];
    private int[] _tokens = [];
    private int[] _lengths = [];
    private int _count;

    /// <summary>How many histories were encoded.</summary>
    public int Count => _count;

    /// <summary>Encodes one history; see the batched form.</summary>
    public void Encode(SequentialModel model, ReadOnlySpan<int> history) => Encode(model, history, [history.Length]);

    /// <summary>
    /// Encodes histories. Courses that the model does not know (any number outside 0 … V − 1) are left out; of the
    /// rest it sees the last <see cref="SequentialConfig.MaxHistory"/>. A next-item model that sees none ranks by its
    /// output biases alone.
    /// </summary>
    /// <param name="model">Ranks until the next call.</param>
    /// <param name="histories">Courses, one history after another, each oldest first.</param>
    /// <param name="lengths">Courses of each history, [B].</param>
    /// <exception cref="ArgumentException">The lengths do not sum to the histories.</exception>
    public void Encode(SequentialModel model, ReadOnlySpan<int> histories, ReadOnlySpan<int> lengths)
    {
        Reserve(model, lengths.Length);
        _model = model;
        var (d, done, pending, tokens) = (model.Config.Dimension, 0, 0, 0);
        foreach (var length in lengths)
        {
            if (length < 0 || length > histories.Length)
                throw new ArgumentException("The lengths do not sum to the histories.", nameof(lengths));
            var added = AddTokens(model, histories[..length], tokens);
            histories = histories[length..];
            if (added == 0)
            {
                Run(model, tokens, done, pending);
                _outputs.Span.Slice((done + pending) * d, d).Clear();
                (done, pending, tokens) = (done + pending + 1, 0, 0);
                continue;
            }
            _lengths[pending++] = added;
            tokens += added;
            if (tokens < MaxTokensAtOnce)
                continue;
            Run(model, tokens, done, pending);
            (done, pending, tokens) = (done + pending, 0, 0);
        }
        if (!histories.IsEmpty)
            throw new ArgumentException("The lengths do not sum to the histories.", nameof(lengths));
        Run(model, tokens, done, pending);
        _count = lengths.Length;
    }

    /// <summary>The score of one course for a history.</summary>
    /// <param name="index">Which of the encoded histories.</param>
    /// <param name="course">0 … V − 1.</param>
    public float Score(int index, int course) => Model.Output.Score(Output(index), course);

    /// <summary>Every course's score for every history.</summary>
    /// <param name="scores">[Count, V], overwritten.</param>
    public void ScoreAll(Span<float> scores) =>
        Model.Output.ScoreAll(_outputs.Span[..(_count * Model.Config.Dimension)], scores);

    /// <summary>Every course's score for one history.</summary>
    /// <param name="index">Which of the encoded histories.</param>
    /// <param name="scores">[V], overwritten.</param>
    public void ScoreAll(int index, Span<float> scores) => Model.Output.ScoreAll(Output(index), scores);

    /// <summary>
    /// Every course's score for the first history, written where <paramref name="places"/> says, [V].
    /// </summary>
    internal void ScatterAll(ReadOnlySpan<int> places, Span<float> scores)
    {
        var all = AllScores(0);
        for (var course = 0; course < all.Length; course++)
            scores[places[course]] = all[course];
    }

    /// <summary>
    /// The best courses for one history, exactly those that ranking every score would give: best first, ties to the
    /// lower course.
    /// </summary>
    /// <param name="index">Which of the encoded histories.</param>
    /// <param name="excluded">Courses to leave out, or null for none.</param>
    /// <param name="best">[k], filled from the front; made for k ≪ V.</param>
    /// <param name="scores">[k], the scores of <paramref name="best"/>.</param>
    /// <returns>How many were found.</returns>
    public int Top(int index, CourseMask? excluded, Span<int> best, Span<float> scores)
    {
        if (scores.Length < best.Length)
            throw new ArgumentException("There must be room for a score beside each course.", nameof(scores));
        if (best.IsEmpty)
            return 0;
        var table = Model.Output;
        return table.Coarse is { } coarse
            ? _candidates.Select(table, coarse, Output(index), _codes.Span, excluded, best, scores)
            : TopOfAll(index, excluded, best, scores);
    }

    private int TopOfAll(int index, CourseMask? excluded, Span<int> best, Span<float> scores)
    {
        var all = AllScores(index);
        if (excluded is not null)
            for (var course = 0; course < all.Length; course++)
                if (excluded.Contains(course))
                    all[course] = float.NegativeInfinity;
        var found = TopK.Select(all, best);
        for (var i = 0; i < found; i++)
            scores[i] = all[best[i]];
        return found;
    }

    private Span<float> AllScores(int index)
    {
        if (_scores.Length < Model.CourseCount)
            _scores = new float[Model.CourseCount];
        var all = _scores.AsSpan(0, Model.CourseCount);
        ScoreAll(index, all);
        return all;
    }

    private SequentialModel Model => _model ?? throw new InvalidOperationException("Nothing was encoded yet.");

    private ReadOnlySpan<float> Output(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        var d = Model.Config.Dimension;
        return _outputs.Span.Slice(index * d, d);
    }

    private void Run(SequentialModel model, int tokens, int done, int pending)
    {
        if (pending > 0)
            model.Forward(
                _tokens.AsSpan(0, tokens),
                _lengths.AsSpan(0, pending),
                _buffers,
                _outputs.Span[(done * model.Config.Dimension)..]
            );
    }

    /// <summary>Appends a history's tokens, and the mask for Cloze; returns how many.</summary>
    private int AddTokens(SequentialModel model, ReadOnlySpan<int> history, int at)
    {
        var (most, known) = (model.Config.MaxHistory, 0);
        var from = history.Length;
        while (from > 0 && known < most)
            known += (uint)history[--from] < (uint)model.CourseCount ? 1 : 0;
        var to = at;
        foreach (var course in history[from..])
            if ((uint)course < (uint)model.CourseCount)
                _tokens[to++] = course + 1;
        if (model.Config.Objective == SequentialObjective.Cloze)
            _tokens[to++] = model.CourseCount + 1;
        return to - at;
    }

    private void Reserve(SequentialModel model, int batch)
    {
        var tokens = MaxTokensAtOnce + model.Config.MaxLength;
        if (_tokens.Length < tokens)
            (_tokens, _lengths) = (new int[tokens], new int[tokens]);
        ForwardBuffers.Grow(ref _outputs, batch * model.Config.Dimension);
        ForwardBuffers.Grow(ref _codes, model.Config.Dimension);
    }
}
