using CourseRec.Models.Catalogue;
using CourseRec.Models.Sequential;
using CourseRec.Training.Native;
using Microsoft.Extensions.Logging;

namespace CourseRec.Training.Online;

/// <summary>What learning begins with: a checkpoint, else a given model, else nothing.</summary>
internal sealed record OnlineStart(
    SequentialConfig Config,
    ServedModel? Online,
    ServedModel? Frozen,
    OnlineCheckpoint? Checkpoint
)
{
    /// <summary>Looks for it.</summary>
    /// <exception cref="InvalidDataException">A file can't be used; the message names it and says why.</exception>
    public static OnlineStart Read(OnlineTrainerOptions options)
    {
        if (options.Folder is { } path && new CheckpointFolder(path).Read() is var (state, online, frozen))
            return new(online.Model.Config, online, frozen, state);
        if (options.Model is not { } file)
            return new(options.Config, null, null, null);
        if (!File.Exists(file))
            throw new InvalidDataException($"The model '{file}' that learning should begin with is missing.");
        var saved = SequentialModelFile.Read(file);
        var model = new ServedModel(new(saved.Parameters, saved.Version), saved.Parameters, 0);
        return new(model.Model.Config, model, options.FreezeEvery > TimeSpan.Zero ? model : null, null);
    }

    /// <summary>The parts that learn from there.</summary>
    /// <exception cref="InvalidDataException">libtorch refuses what was found; the message names the file.</exception>
    public LearningParts Parts(
        OnlineTrainerOptions options,
        CourseIndex courses,
        SharedParts shared,
        TimeProvider time,
        ILogger logger
    )
    {
        var parts = new LearningParts(options, Config, courses, shared, time, logger);
        try
        {
            if (Checkpoint is not null)
                parts.Resume(Checkpoint, Online!);
            else if (Online is not null)
                parts.Begin(Online);
            return parts;
        }
        catch (Exception e) when (e is TrainingException or ArgumentException)
        {
            parts.Dispose();
            throw Refused(options, e.Message.ReplaceLineEndings(" ").TrimEnd('.'));
        }
    }

    /// <summary>Says from where learning goes on.</summary>
    public void Tell(ILogger logger)
    {
        if (Online is null)
            OnlineLog.FromNothing(logger);
        else
            OnlineLog.Resumed(logger, Online.Model.Version, Online.Model.CourseCount);
    }

    private InvalidDataException Refused(OnlineTrainerOptions options, string found) =>
        Checkpoint is null
            ? new($"Learning can't begin with '{options.Model}': {found}.")
            : new CheckpointFolder(options.Folder!).Refused(found);
}
