using CourseRec.Training.Native;
using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Online;

/// <summary>
/// What the trainer's thread does, turn by turn: a step with what is fresh, else with what is worth repeating; a model
/// when one is due; a part of the forgetting slice; a checkpoint. When nothing is left it waits for the next example.
/// </summary>
internal sealed class TrainerLoop(
    LearningParts parts,
    ExampleQueue queue,
    OnlineTrainerOptions options,
    TimeProvider time,
    ILogger logger
)
{
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    private long _saved = time.GetTimestamp();
    private (ServedModel? Online, ServedModel? Frozen) _savedModels = parts.Served.Current;

    /// <summary>Works until it is to stop, then serves and saves what was learned.</summary>
    /// <exception cref="TrainingException">libtorch keeps failing.</exception>
    public void Run(WaitHandle stop)
    {
        using var pace = new Pace(time, options.Share, stop);
        while (!stop.WaitOne(0))
        {
            var began = time.GetTimestamp();
            if (Turn())
                pace.Rest(time.GetElapsedTime(began));
            else
                pace.Idle(UntilNext(), queue.Added);
        }
        Guarded(parts.Publisher.Due is null ? null : parts.Publisher.Publish);
    }

    /// <summary>Writes a checkpoint, if something was published or frozen since the last.</summary>
    public void Save()
    {
        _saved = time.GetTimestamp();
        var models = parts.Served.Current;
        if (models == _savedModels)
            return;
        try
        {
            parts.Save(models.Online, models.Frozen);
            _savedModels = models;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            OnlineLog.NotSaved(logger, options.Folder ?? "", e.Message);
        }
    }

    /// <returns>Whether anything was done.</returns>
    private bool Turn()
    {
        TakeIn();
        var worked = Guarded(
            parts.Learner.HasFresh ? Fresh
            : parts.Learner.HasCredit ? Replay
            : null
        );
        worked |= Guarded(parts.Publisher.Due <= TimeSpan.Zero ? parts.Publisher.Publish : null);
        worked |= WatchForgetting();
        if (options.Folder is not null && time.GetElapsedTime(_saved) >= options.CheckpointEvery)
            Save();
        return worked;
    }

    private void TakeIn()
    {
        var done = 0;
        foreach (var example in queue.Drain())
            if (example.Courses.Length == 0)
                done += 1 + Forget(example.User);
            else if (parts.HeldOutUsers.Contains(example.User))
            {
                parts.HeldOut.Add(new(example.User, example.Courses));
                done++;
            }
            else
                parts.Learner.Add(example);
        queue.Done(done);
    }

    private int Forget(ulong user)
    {
        _savedModels = default;
        parts.HeldOut.Forget(user);
        return parts.Learner.Forget(user);
    }

    private void Fresh()
    {
        var taken = 0;
        try
        {
            if (parts.Learner.TrainFresh(out taken))
                parts.Counters.Stepped(taken);
        }
        finally
        {
            queue.Done(taken);
        }
    }

    private void Replay()
    {
        parts.Learner.TrainReplay();
        parts.Counters.Stepped(0);
    }

    private bool WatchForgetting()
    {
        var (online, frozen) = parts.Served.Current;
        var worked = parts.Forgetting.Advance(online?.Model, frozen?.Model, out var finished);
        if (!finished || parts.Forgetting.Last is not { } last)
            return worked;
        OnlineMetrics.Forgot(last.Change);
        OnlineLog.Forgetting(logger, last.Sequences, last.Online, last.Change, last.Frozen);
        return worked;
    }

    /// <summary>
    /// Does something, if there is something; a step that fails leads back to the last accepted model, where there is
    /// a model at all.
    /// </summary>
    private bool Guarded(Action? work)
    {
        try
        {
            work?.Invoke();
        }
        catch (TrainingException e) when (parts.Learner.HasModel)
        {
            parts.Publisher.Recover(e);
        }
        parts.Counters.Courses = parts.Learner.Vocabulary.Count;
        parts.Counters.Owed = parts.Learner.Owed;
        return work is not null;
    }

    private TimeSpan UntilNext() => parts.Publisher.Due is { } due && due < LongestIdle ? due : LongestIdle;
}
