using CourseRec.Actors.Learning;
using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>A model and the parameters that it was packed from.</summary>
/// <param name="Model">What serves.</param>
/// <param name="Parameters">What is saved.</param>
/// <param name="Number">How many models were published up to it.</param>
internal sealed record ServedModel(SequentialModel Model, SequentialParameters Parameters, long Number)
{
    /// <summary>The model as a file holds it.</summary>
    public SavedSequentialModel ToSaved() =>
        new(
            Parameters,
            Model.Version,
            new Dictionary<string, double>(),
            new Dictionary<string, string> { ["by"] = "online learning" }
        );
}

/// <summary>The models that serve. Safe for concurrent use.</summary>
internal sealed class ServedModels(TimeProvider time, TimeSpan freezeEvery)
{
    private readonly Lock _lock = new();
    private IModelSink? _sink;
    private long _frozenAt;
    private ServedModel? _online;
    private ServedModel? _frozen;
    private long _highest;

    /// <summary>The highest number that a model is known to have had anywhere: the next one's is higher.</summary>
    public long Highest => Volatile.Read(ref _highest);

    /// <summary>The one that learns and the frozen one, as they serve together.</summary>
    public (ServedModel? Online, ServedModel? Frozen) Current
    {
        get
        {
            lock (_lock)
                return (_online, _frozen);
        }
    }

    /// <summary>Begins to serve.</summary>
    public void Begin(IModelSink sink, ServedModel? online, ServedModel? frozen)
    {
        lock (_lock)
        {
            (_sink, _online, _frozen, _frozenAt) = (sink, online, frozen, time.GetTimestamp());
            if (online is not null)
                Tell();
        }
    }

    /// <summary>Serves a newer model; now and then it becomes the frozen one too.</summary>
    public void Serve(ServedModel online)
    {
        lock (_lock)
        {
            _online = online;
            if (freezeEvery > TimeSpan.Zero && time.GetElapsedTime(_frozenAt) >= freezeEvery)
                (_frozen, _frozenAt) = (online, time.GetTimestamp());
            Tell();
        }
    }

    /// <summary>A model with this number serves somewhere.</summary>
    public void Saw(long number)
    {
        lock (_lock)
            _highest = Math.Max(_highest, number);
    }

    /// <summary>What serves now becomes the frozen one.</summary>
    public void Freeze()
    {
        lock (_lock)
        {
            if (_online is null)
                return;
            (_frozen, _frozenAt) = (_online, time.GetTimestamp());
            Tell();
        }
    }

    private void Tell() => _sink?.Serve(new(_online?.Model, _frozen?.Model));
}
