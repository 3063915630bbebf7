using CourseRec.Actors.Learning;

namespace CourseRec.Benchmarks.Online.Live;

/// <summary>Passes published models on, and keeps the last ones for measurements afterwards.</summary>
internal sealed class ModelTap(IModelSink next) : IModelSink
{
    private volatile TrainedModels _last = TrainedModels.None;

    /// <summary>The last that were published.</summary>
    public TrainedModels Last => _last;

    /// <inheritdoc/>
    public void Serve(TrainedModels models)
    {
        _last = models;
        next.Serve(models);
    }
}
