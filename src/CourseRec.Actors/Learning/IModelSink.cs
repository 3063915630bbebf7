using CourseRec.Models.Sequential;

namespace CourseRec.Actors.Learning;

/// <summary>Takes the models that training publishes, and serves them.</summary>
public interface IModelSink
{
    /// <summary>
    /// Serves these from now on (from the next snapshot, at the latest); the ones before are dropped.
    /// </summary>
    void Serve(TrainedModels models);
}

/// <summary>The sequential models at one moment.</summary>
/// <param name="Online">The one that learns and serves; null before the first was published.</param>
/// <param name="Frozen">An earlier one that has stopped learning, to compare with; null for none.</param>
public sealed record TrainedModels(SequentialModel? Online, SequentialModel? Frozen)
{
    /// <summary>Nothing is trained yet.</summary>
    public static TrainedModels None { get; } = new(null, null);
}
