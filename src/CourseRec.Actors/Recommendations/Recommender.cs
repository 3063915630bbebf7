using CourseRec.Actors.Learning;
using CourseRec.Models;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Instant;
using CourseRec.Models.Sequential;

namespace CourseRec.Actors.Recommendations;

/// <summary>
/// Holds the snapshot that serves, and publishes a new one from the trained models, from the counters of the
/// partitions served here and from the weights that join the two.
/// </summary>
internal sealed class Recommender(BaselineOptions options, CourseIndex courses)
{
    private readonly BaselineSnapshotBuilder _builder = new(options);
    private volatile RecommenderSnapshot _current = RecommenderSnapshot.Empty;
    private volatile TrainedModels _models = TrainedModels.None;
    private SequentialCourseScorer? _online;
    private SequentialCourseScorer? _frozen;

    /// <summary>The snapshot that serves now.</summary>
    public RecommenderSnapshot Current => _current;

    /// <summary>What the instant layers learn.</summary>
    public InstantLearning Instant { get; } = new();

    /// <summary>The models of the next snapshots.</summary>
    public void Serve(TrainedModels models) => _models = models;

    /// <summary>Learns, builds and publishes, when something has changed. One caller at a time.</summary>
    public void Publish(IReadOnlyList<CourseCounters> partitions)
    {
        var hasLearned = Instant.Learn();
        var models = _models;
        if (models != _current.Models)
            Score(models);
        var baselines = _builder.Build(partitions, courses.Count);
        if (hasLearned || models != _current.Models || baselines != _current.Baselines)
            _current = new([.. Contenders(baselines)], baselines, models);
    }

    private void Score(TrainedModels models)
    {
        _online = models.Online is { } online ? new("online", online, courses) : null;
        _frozen = models.Frozen is { } frozen ? new("frozen", frozen, courses) : null;
    }

    /// <summary>
    /// What serves, and what it has to be better than: the frozen model under a live instant layer, alone, and the
    /// counters.
    /// </summary>
    private IEnumerable<ICourseScorer> Contenders(BaselineSnapshot baselines)
    {
        yield return _online is null ? Layered("instant", null) : Layered("online", _online);
        if (_frozen is not null)
        {
            yield return Layered("frozen+instant", _frozen);
            yield return _frozen;
        }
        yield return baselines.Blend;
        yield return baselines.Popularity;

        InstantScorer Layered(string name, SequentialCourseScorer? sequence) =>
            new(name, sequence, baselines, Instant.WeightsOf(name, sequence is not null));
    }
}
