using CourseRec.Training.Native;

namespace CourseRec.Training.Online;

/// <summary>What was trained since a model was last judged, and what no served model has learned yet.</summary>
internal sealed class TrainingRound
{
    private const int FewestTargets = 100;

    private readonly List<long> _unserved = [];
    private bool _any;
    private double _lossSum;
    private long _targets;

    /// <summary>Whether there was a step.</summary>
    public bool Any => _any;

    /// <summary>
    /// Of a target in the steps with fresh examples, nats; null if they had too few to tell. Steps of repeated
    /// sequences alone don't count: their loss is lower, and how many there are changes with the load.
    /// </summary>
    public double? MeanLoss => _targets >= FewestTargets ? _lossSum / _targets : null;

    /// <summary>
    /// When the examples that were trained but are in no served model were accepted, Unix milliseconds.
    /// </summary>
    public IReadOnlyList<long> Unserved => _unserved;

    public void Stepped(in StepResult step, bool fresh)
    {
        _any = true;
        if (fresh)
            (_lossSum, _targets) = (_lossSum + step.Loss * step.Targets, _targets + step.Targets);
    }

    public void Trained(List<FreshSequence> fresh)
    {
        foreach (var sequence in fresh)
            _unserved.AddRange(sequence.AcceptedAt);
    }

    /// <summary>The model was judged.</summary>
    public void Judged() => (_any, _lossSum, _targets) = (false, 0, 0);

    /// <summary>The examples are served, or lost.</summary>
    public void Settled() => _unserved.Clear();
}
