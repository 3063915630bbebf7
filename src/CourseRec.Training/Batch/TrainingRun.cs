using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Batch;

/// <summary>One training under way.</summary>
internal sealed class TrainingRun(
    TrainingModel model,
    BatchMaker maker,
    BatchTrainerOptions options,
    TimeProvider time,
    string fingerprint
)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private TrainerState _state = new() { Phase = options.Negatives > 0 ? TrainingPhase.Sampled : TrainingPhase.Full };
    private float[] _best = [];
    private TimeSpan _before;
    private long _began = time.GetTimestamp();
    private long _reported = time.GetTimestamp();
    private long _checkpointed = time.GetTimestamp();
    private long _tokens;
    private TimeSpan _validationTime;

    public Func<SequentialParameters, double>? Validate { get; init; }

    public Action<TrainingProgress>? Report { get; init; }

    private TimeSpan Elapsed => _before + time.GetElapsedTime(_began);

    /// <summary>Whether only the final validation still fits into the time.</summary>
    private bool TimeIsUp => options.TimeLimit is { } limit && Elapsed + _validationTime >= limit;

    /// <summary>How much of the time or of the epochs is spent, 0 … 1.</summary>
    private double Spent => options.TimeLimit is { } limit ? Elapsed / limit : (double)_state.Epoch / options.Epochs;

    private bool SampledIsOver =>
        options.SampledShare < 1 && (Spent >= options.SampledShare || _state.Epoch >= options.SampledEpochs);

    public void Resume()
    {
        if (options.Checkpoint is not { } path || !File.Exists(path))
            return;
        var checkpoint = TrainingCheckpoint.Read(path);
        if (checkpoint.Fingerprint != fingerprint)
            throw new InvalidDataException(
                $"'{path}' is the checkpoint of another training (other data or settings). Delete it to begin anew."
            );
        model.LoadState(checkpoint.Model);
        (_state, _best, _before) = (checkpoint.State, checkpoint.Best, checkpoint.State.Elapsed);
        _began = time.GetTimestamp();
    }

    public TrainingOutcome ToTheEnd(CancellationToken cancel)
    {
        TrainingEnd? end;
        while ((end = End()) is null)
            Epoch(cancel);
        if (_state.ValidatedAt < _state.Steps)
            ValidateNow();
        WriteCheckpoint();
        var parameters = model.Parameters(averaged: true);
        if (_best.Length > 0)
            _best.CopyTo(parameters.Values, 0);
        return new(parameters, _state.Best, _state.Epoch, _state.Steps, Elapsed, end.Value);
    }

    public void WriteCheckpoint()
    {
        if (options.Checkpoint is not { } path)
            return;
        _state.Elapsed = Elapsed;
        new TrainingCheckpoint(_state, fingerprint, _best, model.SaveState()).Write(path);
        _checkpointed = time.GetTimestamp();
    }

    private TrainingEnd? End() =>
        _state.Epoch >= options.Epochs ? TrainingEnd.Epochs
        : _state.Stale >= options.Patience ? TrainingEnd.Patience
        : TimeIsUp ? TrainingEnd.TimeLimit
        : null;

    private void Epoch(CancellationToken cancel)
    {
        var plan = maker.Plan(_state.Epoch);
        while (_state.Batch < plan.Length)
        {
            cancel.ThrowIfCancellationRequested();
            if (TimeIsUp)
                return;
            if (_state.Phase == TrainingPhase.Sampled && SampledIsOver)
                GoFull();
            Step(plan[_state.Batch]);
        }
        (_state.Epoch, _state.Batch) = (_state.Epoch + 1, 0);
        if (_state.Epoch % options.ValidateEvery == 0 || _state.Epoch == options.Epochs)
            ValidateNow();
        (_state.LossSum, _state.Targets) = (0, 0);
    }

    private void Step(int[] users)
    {
        var batch = maker.Make(users, _state.Epoch, _state.Batch);
        var warm = options.WarmupSteps == 0 ? 1 : Math.Min(1f, (_state.Steps + 1f) / options.WarmupSteps);
        var rate = options.LearningRate * warm;
        var negatives = _state.Phase == TrainingPhase.Sampled ? options.Negatives : 0;
        var result = model.Step(batch, new(rate, rate, negatives) { Gbce = options.Gbce });
        _state.Steps++;
        _state.Batch++;
        _state.LossSum += result.Loss * result.Targets;
        _state.Targets += result.Targets;
        _tokens += result.Tokens;
        if (time.GetElapsedTime(_reported) >= ReportEvery)
            Tell(validated: false);
        if (options.Checkpoint is not null && time.GetElapsedTime(_checkpointed) >= options.CheckpointEvery)
            WriteCheckpoint();
    }

    private void ValidateNow()
    {
        _state.ValidatedAt = _state.Steps;
        if (Validate is null)
            return;
        var start = time.GetTimestamp();
        var parameters = model.Parameters(averaged: true);
        _state.Metric = Validate(parameters);
        _validationTime = time.GetElapsedTime(start);
        if (!double.IsFinite(_state.Metric.Value))
            throw new TrainingException($"The validation answered {_state.Metric}; nothing can be compared with it.");
        if (_state.Best is null || _state.Metric > _state.Best)
            (_state.Best, _state.Stale, _best) = (_state.Metric, 0, parameters.Values);
        else if (
            ++_state.Stale >= options.Patience
            && _state.Phase == TrainingPhase.Sampled
            && options.SampledShare < 1
        )
            GoFull();
        Tell(validated: true);
    }

    private void GoFull() => (_state.Phase, _state.Stale) = (TrainingPhase.Full, 0);

    private void Tell(bool validated)
    {
        var since = time.GetElapsedTime(_reported).TotalSeconds;
        Report?.Invoke(
            new(
                Math.Max(1, _state.Epoch + (_state.Batch > 0 ? 1 : 0)),
                _state.Steps,
                _state.Phase,
                _state.Targets > 0 ? _state.LossSum / _state.Targets : double.NaN,
                since > 0 ? _tokens / since : 0,
                Elapsed,
                Remaining(),
                _state.Metric,
                _state.Best,
                validated
            )
        );
        (_tokens, _reported) = (0, time.GetTimestamp());
    }

    private TimeSpan Remaining()
    {
        var done = _state.Epoch + (double)_state.Batch / maker.BatchesPerEpoch;
        var epochs = done > 0 ? Elapsed * ((options.Epochs - done) / done) : TimeSpan.MaxValue;
        var left = options.TimeLimit is { } limit ? limit - Elapsed : TimeSpan.MaxValue;
        return TimeSpan.FromTicks(Math.Max(0, Math.Min(epochs.Ticks, left.Ticks)));
    }
}
