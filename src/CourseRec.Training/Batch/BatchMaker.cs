using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Batch;

/// <summary>
/// Turns user sequences into batches: which users stand together in an epoch, which window of a long one is seen, what
/// is masked. All of it follows from the seed, the epoch and the batch's number.
/// </summary>
internal sealed class BatchMaker
{
    /// <summary>
    /// Users are sorted by length within this many batches, so that a batch's lengths are similar and batches still
    /// random.
    /// </summary>
    private const int SortedBatches = 20;

    private readonly int[][] _sequences;
    private readonly SequentialConfig _config;
    private readonly BatchTrainerOptions _options;
    private readonly int _mask;
    private readonly int[] _users;

    /// <param name="sequences">Each user's rows 1 … courses, oldest first; those too short to learn from are left
    /// out.</param>
    /// <param name="config">The model's shape.</param>
    /// <param name="courses">V.</param>
    /// <param name="options">Sizes and shares.</param>
    /// <exception cref="ArgumentException">No sequence can be learned from.</exception>
    public BatchMaker(int[][] sequences, SequentialConfig config, int courses, BatchTrainerOptions options)
    {
        (_sequences, _config, _options, _mask) = (sequences, config, options, courses + 1);
        var shortest = config.Objective == SequentialObjective.Cloze ? 1 : 2;
        _users = [.. Enumerable.Range(0, sequences.Length).Where(u => sequences[u].Length >= shortest)];
        if (_users.Length == 0)
            throw new ArgumentException(
                "There is nothing to learn from: no user has two interactions beside those held out."
            );
    }

    private bool Cloze => _config.Objective == SequentialObjective.Cloze;

    /// <summary>Batches an epoch.</summary>
    public int BatchesPerEpoch => (_users.Length + _options.BatchSize - 1) / _options.BatchSize;

    /// <summary>Users in each batch of an epoch.</summary>
    public int[][] Plan(int epoch)
    {
        var random = new SeededRandom(_options.Model.Seed, epoch, -1);
        var users = (int[])_users.Clone();
        random.Shuffle(users.AsSpan());
        var group = _options.BatchSize * SortedBatches;
        for (var at = 0; at < users.Length; at += group)
        {
            var part = users.AsSpan(at, Math.Min(group, users.Length - at));
            part.Sort((a, b) => (Seen(a), a).CompareTo((Seen(b), b)));
        }
        var batches = users.Chunk(_options.BatchSize).ToArray();
        random.Shuffle(batches.AsSpan());
        return batches;
    }

    /// <summary>The batch of these users.</summary>
    public TrainingBatch Make(int[] users, int epoch, int number)
    {
        var random = new SeededRandom(_options.Model.Seed, epoch, number);
        var length = users.Max(Seen);
        var batch = new TrainingBatch(new int[users.Length * length], new int[users.Length * length], length);
        for (var i = 0; i < users.Length; i++)
        {
            var window = Window(_sequences[users[i]], ref random);
            var end = (i + 1) * length;
            if (Cloze)
                Masked(
                    window,
                    batch.Ids.AsSpan(..end)[^window.Length..],
                    batch.Labels.AsSpan(..end)[^window.Length..],
                    ref random
                );
            else
            {
                window[..^1].CopyTo(batch.Ids.AsSpan(..end)[^(window.Length - 1)..]);
                window[1..].CopyTo(batch.Labels.AsSpan(..end)[^(window.Length - 1)..]);
            }
        }
        return batch;
    }

    /// <summary>
    /// Courses of a user that one window holds: the next-item model needs one more as the last target.
    /// </summary>
    private int WindowLength => Cloze ? _config.MaxLength : _config.MaxLength + 1;

    /// <summary>Tokens of a user that the model sees at once.</summary>
    private int Seen(int user) => Math.Min(_sequences[user].Length, WindowLength) - (Cloze ? 0 : 1);

    private ReadOnlySpan<int> Window(int[] sequence, ref SeededRandom random)
    {
        var spare = sequence.Length - WindowLength;
        if (spare <= 0)
            return sequence;
        var start = random.Chance(_options.WindowShare) ? random.Below(spare + 1) : spare;
        return sequence.AsSpan(start, WindowLength);
    }

    private void Masked(ReadOnlySpan<int> window, Span<int> ids, Span<int> labels, ref SeededRandom random)
    {
        window.CopyTo(ids);
        var any = false;
        if (!random.Chance(_options.LastOnlyShare))
            for (var t = 0; t < window.Length; t++)
                if (random.Chance(_options.MaskShare))
                {
                    any = true;
                    (ids[t], labels[t]) = (_mask, window[t]);
                }
        if (!any)
            (ids[^1], labels[^1]) = (_mask, window[^1]);
    }
}
