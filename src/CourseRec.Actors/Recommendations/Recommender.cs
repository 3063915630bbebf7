using CourseRec.Models.Baselines;

namespace CourseRec.Actors.Recommendations;

/// <summary>Holds the snapshot that serves, and publishes a new one from the counters of the partitions served here.</summary>
internal sealed class Recommender(BaselineOptions options)
{
    private readonly BaselineSnapshotBuilder _builder = new(options);
    private volatile RecommenderSnapshot _current = RecommenderSnapshot.Empty;

    /// <summary>The snapshot that serves now.</summary>
    public RecommenderSnapshot Current => _current;

    /// <summary>Builds and publishes, when something has changed. One caller at a time.</summary>
    public void Publish(IReadOnlyList<CourseCounters> partitions, int courseCount)
    {
        var baselines = _builder.Build(partitions, courseCount);
        if (baselines != _current.Baselines)
            _current = RecommenderSnapshot.Of(baselines);
    }
}
