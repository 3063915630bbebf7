using CourseRec.Models.Sequential;
using CourseRec.Training.Native;
using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Online;

/// <summary>
/// Turns what was learned into a model that serves, unless it is not finite, its training loss jumped, or the guard
/// finds it worse. Three refusals in a row, or a step that fails, and learning goes back to the last accepted model at
/// half its rate. The trainer's thread's.
/// </summary>
internal sealed class Publisher(
    Learner learner,
    Guard guard,
    ServedModels served,
    Freshness freshness,
    OnlineCounters counters,
    OnlineTrainerOptions options,
    TimeProvider time,
    ILogger logger
)
{
    private const int RefusalsInARow = 3;
    private const int FailuresInARow = 10;
    private const int LeastOfCost = 5; // an interval is at least this many times as long as publishing took
    private const double GuardShare = 0.15; // of the trainer's share

    private readonly DenseAverage _average = new();
    private readonly LossWatch _loss = new();
    private readonly string _run = Guid.NewGuid().ToString("N")[..8];
    private long _last = time.GetTimestamp();
    private TimeSpan _took;
    private int _refused;
    private int _failed;

    /// <summary>What can be come back to; null before the first accepted model.</summary>
    public AcceptedState? Accepted { get; private set; }

    /// <summary>How many models were published, earlier runs included.</summary>
    public long Number { get; private set; }

    /// <summary>
    /// Time until the next model is due; null while nothing was trained. On a machine so busy that publishing itself
    /// takes long, models come more rarely, so that most of the time is left for steps.
    /// </summary>
    public TimeSpan? Due => learner.Round.Any ? Interval - time.GetElapsedTime(_last) : null;

    private TimeSpan Interval =>
        _took * LeastOfCost > options.PublishEvery ? _took * LeastOfCost : options.PublishEvery;

    /// <summary>Goes on from an accepted state.</summary>
    public void Begin(AcceptedState accepted, long number)
    {
        (Accepted, Number) = (accepted, number);
        _average.Restore(accepted.Dense, accepted.Averaged);
    }

    /// <summary>Judges what was learned, and serves it if it is good.</summary>
    /// <exception cref="TrainingException">libtorch failed.</exception>
    public void Publish()
    {
        var elapsed = time.GetElapsedTime(_last);
        _last = time.GetTimestamp();
        Judge(elapsed);
        _took = time.GetElapsedTime(_last);
    }

    /// <summary>A step failed: back to the last accepted model.</summary>
    /// <exception cref="TrainingException">It keeps failing; there is no use in going on.</exception>
    public void Recover(TrainingException failure)
    {
        if (++_failed >= FailuresInARow)
            throw new TrainingException(
                $"{FailuresInARow} steps failed since the last accepted model, {failure.Message}"
            );
        RollBack(failure.Message);
    }

    /// <param name="elapsed">Since the last model was judged.</param>
    private void Judge(TimeSpan elapsed)
    {
        var number = Math.Max(Number, served.Highest) + 1;
        var version = OnlineVersion.Of(_run, number);
        var parameters = learner.Parameters();
        var spike = learner.Round.MeanLoss is { } loss ? _loss.Take(loss) : null;
        learner.Round.Judged();
        if (!Finite.All(parameters.Values))
        {
            Refuse(version, "some of its parameters are not finite", finite: false);
            return;
        }
        _average.Apply(parameters, elapsed);
        var candidate = new SequentialModel(parameters, version);
        var verdict = guard.Judge(
            candidate,
            served.Current.Online?.Model,
            options.PublishEvery * options.Share * GuardShare
        );
        if ((spike ?? verdict.Refusal) is { } refusal)
            Refuse(version, refusal, finite: true);
        else
            Accept(new(candidate, parameters, number), verdict);
    }

    private void Accept(ServedModel model, Verdict verdict)
    {
        var (dense, averaged) = _average.Save();
        (Accepted, Number) = (new(learner.Save(), dense, averaged), model.Number);
        (_refused, _failed) = (0, 0);
        served.Serve(model);
        verdict.Keep(model.Model);
        freshness.Served(learner.Round.Unserved);
        learner.Round.Settled();
        learner.Rates.Accepted();
        counters.Served();
    }

    private void Refuse(string version, string refusal, bool finite)
    {
        OnlineLog.Refused(logger, version, Serving, refusal);
        counters.Refused($"{version}: {refusal}");
        if (++_refused >= RefusalsInARow || !finite)
            RollBack(finite ? $"{RefusalsInARow} models in a row were refused" : refusal);
    }

    private void RollBack(string reason)
    {
        if (Accepted is { } accepted)
        {
            learner.Restore(accepted.Learner);
            _average.Restore(accepted.Dense, accepted.Averaged);
        }
        else
        {
            learner.Reset();
            _average.Restore([], 0);
        }
        learner.Rates.Halve();
        freshness.Lost(learner.Round.Unserved.Count);
        learner.Round.Judged();
        learner.Round.Settled();
        _loss.Reset();
        _refused = 0;
        OnlineLog.RolledBack(logger, Accepted is null ? "none" : Serving, learner.Rates.Scale, reason);
        counters.RolledBack();
    }

    private string Serving => served.Current.Online?.Model.Version ?? "none";
}

/// <summary>What an accepted model was made from.</summary>
/// <param name="Learner">The model that learns, its courses those of the accepted one.</param>
/// <param name="Dense">The dense part's average, [dense parameters].</param>
/// <param name="Averaged">How many went into it.</param>
internal sealed record AcceptedState(LearnerState Learner, float[] Dense, int Averaged);
