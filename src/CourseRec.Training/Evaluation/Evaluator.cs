using CourseRec.Models;
using CourseRec.Models.Evaluation;

namespace CourseRec.Training.Evaluation;

/// <summary>
/// Leave-one-out evaluation in full ranking (Krichene and Rendle, 2020: sampled metrics need not order models as full
/// ones do, so they are an extra here). Every course of the data competes, and every course that the scorer knows
/// beyond it; a target that the scorer does not know (or gives −∞ or NaN) has rank ∞: a miss at any k.
/// </summary>
public static class Evaluator
{
    private const int BlockLength = 256;

    /// <summary>Ranks the target of every judged user.</summary>
    /// <param name="scorer">Its course indices are those of the data (and any beyond).</param>
    /// <param name="split">The data.</param>
    /// <param name="options">What and how.</param>
    /// <param name="progress">Told the users done so far, from any thread, not in order.</param>
    /// <param name="cancel">Ends it early, with <see cref="OperationCanceledException"/>.</param>
    public static EvaluationResult Evaluate(
        ICourseScorer scorer,
        LeaveOneOut split,
        EvaluationOptions options,
        IProgress<int>? progress = null,
        CancellationToken cancel = default
    )
    {
        var users = Math.Min(split.Judged.Length, options.MaxUsers);
        var ranks = new Ranks(
            new double[users],
            new double[users],
            options.SampledNegatives > 0 ? new double[users] : null
        );
        var weights = ranks.Sampled is null ? null : new NegativeWeights(split, options.Sampling);
        var done = 0;
        Parallel.For(
            0,
            (users + BlockLength - 1) / BlockLength,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, options.Threads), CancellationToken = cancel },
            () => new UserRanker(scorer, split, options, weights),
            (block, _, ranker) =>
            {
                var end = Math.Min((block + 1) * BlockLength, users);
                for (var i = block * BlockLength; i < end; i++)
                    ranker.Rank(i, split.Judged[(int)((long)i * split.Judged.Length / users)], ranks);
                progress?.Report(Interlocked.Add(ref done, end - block * BlockLength));
                return ranker;
            },
            _ => { }
        );
        return new(
            scorer.Name,
            scorer.Version,
            new(ranks.Unfiltered),
            new(ranks.Filtered),
            ranks.Sampled is null ? null : new(ranks.Sampled)
        );
    }

    private readonly record struct Ranks(double[] Unfiltered, double[] Filtered, double[]? Sampled);

    /// <summary>One thread's buffers.</summary>
    private sealed class UserRanker
    {
        private readonly ICourseScorer _scorer;
        private readonly LeaveOneOut _split;
        private readonly EvaluationPart _part;
        private readonly NegativeSampler? _sampler;
        private readonly float[] _scores;
        private readonly float[] _sampled;

        public UserRanker(ICourseScorer scorer, LeaveOneOut split, EvaluationOptions options, NegativeWeights? weights)
        {
            (_scorer, _split, _part) = (scorer, split, options.Part);
            _scores = new float[Math.Max(scorer.CourseCount, split.Data.Courses.Count)];
            _sampled = new float[options.SampledNegatives + 1];
            _sampler = weights is null ? null : new(split, weights, options.SampledNegatives, options.Seed);
        }

        public void Rank(int place, int user, Ranks ranks)
        {
            var history = _split.History(user, _part);
            var target = _split.Target(user, _part);
            _scorer.Score(history, _scores.AsSpan(0, _scorer.CourseCount));
            _scores.AsSpan(_scorer.CourseCount).Fill(float.NegativeInfinity);
            ranks.Unfiltered[place] = RankOf(_scores, target);
            if (ranks.Sampled is not null)
                ranks.Sampled[place] = RankAmongSampled(user, target);
            foreach (var course in history)
                if (course != target)
                    _scores[course] = float.NegativeInfinity;
            ranks.Filtered[place] = RankOf(_scores, target);
        }

        private double RankAmongSampled(int user, int target)
        {
            var negatives = _sampler!.Of(user);
            _sampled[0] = _scores[target];
            for (var i = 0; i < negatives.Count; i++)
                _sampled[i + 1] = _scores[negatives[i]];
            return RankOf(_sampled.AsSpan(0, negatives.Count + 1), 0);
        }

        /// <summary>
        /// What has no score is never recommended: it must not come out among the first of the few that have one.
        /// </summary>
        private static double RankOf(ReadOnlySpan<float> scores, int target) =>
            scores[target] > float.NegativeInfinity ? RankingMetrics.Rank(scores, target) : double.PositiveInfinity;
    }
}
