using CourseRec.Actors.Learning;
using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Native;
using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Online;

/// <summary>
/// Learns from what the shards teach and publishes a newer model every few seconds, on a thread of its own with a
/// share of one core. What goes wrong in it ends learning, never serving.
/// </summary>
public sealed class OnlineTrainer : IExampleSink, IAsyncDisposable
{
    private const long MaxHeardOf = 1L << 40; // whoever claims more than one model a second for 30,000 years is not believed
    private readonly OnlineTrainerOptions _options;
    private readonly CourseIndex _courses;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string? _unavailable;
    private readonly HeldOutUsers _heldOut;
    private readonly ExampleQueue _queue;
    private readonly SharedParts _shared;
    private readonly ManualResetEvent _stop = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _learns;
    private volatile bool _needsContext = true;
    private volatile string? _problem;
    private int _started;

    /// <summary>A trainer; nothing happens before <see cref="Start"/>.</summary>
    /// <param name="options">How it learns.</param>
    /// <param name="courses">The process's dictionary, which the examples' courses are indices of.</param>
    /// <param name="time">The clock of waits and freshness.</param>
    /// <param name="logger">Is told what was resumed, refused and rolled back.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public OnlineTrainer(
        OnlineTrainerOptions options,
        CourseIndex courses,
        TimeProvider time,
        ILogger<OnlineTrainer> logger
    )
        : this(options, courses, time, logger, options.Learns ? TrainingRuntime.Problem : null) { }

    internal OnlineTrainer(
        OnlineTrainerOptions options,
        CourseIndex courses,
        TimeProvider time,
        ILogger logger,
        string? unavailable
    )
    {
        (_options, _courses, _time, _logger) = (options.Validated(), courses, time, logger);
        _unavailable = unavailable;
        _heldOut = new(options.HeldOut);
        _queue = new(options.MaxPending);
        _shared = new(new(time, options.FreezeEvery), new(time, options.InTime), new());
    }

    /// <summary>Where learning stands.</summary>
    public OnlineTrainerStatus Status
    {
        get
        {
            var (counters, fresh) = (_shared.Counters, _shared.Freshness.Percentiles());
            return new(
                State,
                _problem,
                _shared.Served.Current.Online?.Model.Version,
                counters.StepCount,
                counters.TaughtCount,
                counters.TrainedCount,
                counters.DroppedCount,
                _queue.Outstanding,
                fresh?.P50,
                fresh?.P99,
                _shared.Freshness.Coverage,
                counters.PublishedCount,
                counters.RejectedCount,
                counters.RolledBackCount,
                counters.LastRefusal,
                counters.Courses
            );
        }
    }

    /// <summary>When a trainer last wrote a checkpoint in a folder; null when none did.</summary>
    public static DateTimeOffset? LastCheckpointIn(string folder) => new CheckpointFolder(folder).WrittenAt;

    /// <summary>The model that was learned, or is learned on from; null before the first.</summary>
    public SavedSequentialModel? Learned => _shared.Served.Current.Online?.ToSaved();

    /// <summary>
    /// Repeated positions that fresh examples have earned and that are not trained yet: who feeds faster than this
    /// falls starves repetition.
    /// </summary>
    public long Owed => _shared.Counters.Owed;

    private OnlineTrainerState State =>
        !_options.Learns ? OnlineTrainerState.Off
        : _unavailable is not null ? OnlineTrainerState.Unavailable
        : _started != 0 && !_learns ? OnlineTrainerState.Stopped
        : _shared.Counters.StepCount == 0 ? OnlineTrainerState.Waiting
        : OnlineTrainerState.Learning;

    /// <summary>Serves the checkpoint's or the given model, if there is one, and begins to learn. Once only.</summary>
    /// <param name="models">Takes every model that is accepted.</param>
    /// <exception cref="InvalidDataException">A file can't be used; the message names it and says why.</exception>
    public void Start(IModelSink models)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
            throw new InvalidOperationException("The trainer was started before.");
        try
        {
            Begin(models);
        }
        catch
        {
            _ended.SetResult(); // there is nothing that a stop would have to wait for
            throw;
        }
    }

    /// <inheritdoc/>
    public void Teach(in Example example)
    {
        if (!_learns || (_needsContext && example.Courses.Length < 2))
            return;
        var held = _heldOut.Contains(example.User);
        if (!held)
            _shared.Counters.Taught();
        if (_queue.TryAdd(example) || held)
            return;
        _shared.Counters.Dropped();
        _shared.Freshness.Lost(1);
    }

    /// <inheritdoc/>
    public void Forget(ulong user)
    {
        if (_learns)
            _queue.AddForgotten(user);
    }

    /// <summary>Whether a user's examples are kept from training, to judge with.</summary>
    /// <param name="user">The user's stable hash.</param>
    public bool IsHeldOut(ulong user) => _heldOut.Contains(user);

    /// <summary>What serves now becomes the model to compare with, until the next time.</summary>
    public void Freeze() => _shared.Served.Freeze();

    /// <summary>
    /// A model of this version serves somewhere: what is published from now on has a higher number. A trainer that
    /// starts again from its last checkpoint does not know how far it had come.
    /// </summary>
    public void GoBeyond(string version)
    {
        if (OnlineVersion.NumberOf(version) is var number and < MaxHeardOf)
            _shared.Served.Saw(number);
    }

    /// <summary>Ends learning: judges and serves what was learned last, and writes a checkpoint.</summary>
    public async Task StopAsync()
    {
        _stop.Set();
        if (_started != 0)
            await _ended.Task;
    }

    /// <summary>Stops, as <see cref="StopAsync"/> does.</summary>
    public ValueTask DisposeAsync() => new(StopAsync());

    private void Begin(IModelSink models)
    {
        var start = OnlineStart.Read(_options);
        _needsContext = start.Config.Objective == SequentialObjective.NextItem;
        var canLearn = _options.Learns && _unavailable is null;
        var parts = canLearn ? start.Parts(_options, _courses, _shared, _time, _logger) : null;
        _shared.Served.Begin(models, start.Online, start.Frozen);
        if (parts is null)
        {
            _problem = _options.Learns ? _unavailable : null;
            if (_problem is not null)
                OnlineLog.Unavailable(_logger, _problem);
            _ended.SetResult();
            return;
        }
        start.Tell(_logger);
        _learns = true;
        new Thread(() => Learn(parts)) { IsBackground = true, Name = "online trainer" }.Start();
    }

    /// <summary>
    /// The thread. Nothing that it meets may end the process, so every exception ends learning instead.
    /// </summary>
    private void Learn(LearningParts parts)
    {
        BackgroundThread.LowerPriority();
        var loop = new TrainerLoop(parts, _queue, _options, _time, _logger);
        try
        {
            loop.Run(_stop);
        }
        catch (Exception e)
        {
            _problem = e.Message.ReplaceLineEndings(" ");
            OnlineLog.Stopped(_logger, _problem, e);
        }
        _learns = false;
        loop.Save();
        parts.Dispose();
        _ended.SetResult();
    }
}
