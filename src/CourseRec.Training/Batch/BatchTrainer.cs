using CourseRec.Models.Sequential;
using CourseRec.Training.Native;

namespace CourseRec.Training.Batch;

/// <summary>
/// Trains a model from stored sequences: shared negatives first, then the full softmax where the catalogue allows it;
/// the best on validation is kept; a checkpoint resumes bit for bit.
/// </summary>
public sealed class BatchTrainer
{
    private readonly SequentialConfig _config;
    private readonly IReadOnlyList<string> _courseIds;
    private readonly BatchTrainerOptions _options;
    private readonly TimeProvider _time;
    private readonly BatchMaker _maker;
    private readonly string _fingerprint;

    /// <summary>A training; nothing happens yet.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="courseIds">The vocabulary: row r is course courseIds[r − 1].</param>
    /// <param name="sequences">Each user's rows 1 … V to learn from, oldest first; what is held out is not among
    /// them.</param>
    /// <param name="options">How to train.</param>
    /// <param name="time">The clock of limits and reports.</param>
    /// <exception cref="ArgumentException">Shape, settings or data make no training; the message says why.</exception>
    public BatchTrainer(
        SequentialConfig config,
        IReadOnlyList<string> courseIds,
        int[][] sequences,
        BatchTrainerOptions options,
        TimeProvider time
    )
    {
        (_config, _courseIds, _options, _time) = (config.Validated(), courseIds, options.Validated(), time);
        if (courseIds.Count < 2)
            throw new ArgumentException($"A catalogue of {courseIds.Count} courses leaves nothing to learn.");
        _maker = new(sequences, config, courseIds.Count, options);
        _fingerprint = TrainingFingerprint.Of(config, courseIds, sequences, options);
    }

    /// <summary>Trains to the end. The checkpoint stays where it is: delete it once the result is safe.</summary>
    /// <param name="validate">Answers how good parameters are, more is better (NDCG@10); null: the last ones are the
    /// result.</param>
    /// <param name="report">Is told where the training stands, about once a second; null: nobody is.</param>
    /// <param name="cancel">Ends it; a checkpoint is written first where one is wanted.</param>
    /// <exception cref="TrainingException">libtorch is missing or failed.</exception>
    /// <exception cref="InvalidDataException">The checkpoint can't be resumed; the message names it and says
    /// why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public TrainingOutcome Train(
        Func<SequentialParameters, double>? validate = null,
        Action<TrainingProgress>? report = null,
        CancellationToken cancel = default
    )
    {
        using var model = TrainingModel.Create(_config, _courseIds, _options.Model);
        var run = new TrainingRun(model, _maker, _options, _time, _fingerprint)
        {
            Validate = validate,
            Report = report,
        };
        run.Resume();
        try
        {
            return run.ToTheEnd(cancel);
        }
        catch (OperationCanceledException)
        {
            run.WriteCheckpoint();
            throw;
        }
    }
}
