using CourseRec.Models.Sequential;

namespace CourseRec.Training.Online;

/// <summary>
/// The files of online learning: the training state (<c>online.state</c>) names the served and the frozen model, each
/// a model file of its own that any node can serve. The state is renamed into place last, so that a stop at any moment
/// leaves a set that belongs together.
/// </summary>
internal sealed class CheckpointFolder(string path)
{
    /// <summary>When the last checkpoint was written; null when there is none.</summary>
    public DateTimeOffset? WrittenAt => File.Exists(StatePath) ? File.GetLastWriteTimeUtc(StatePath) : null;

    private string StatePath => Path.Combine(path, "online.state");

    /// <summary>Writes a checkpoint; the models of the one before are deleted.</summary>
    /// <param name="online">The model that serves.</param>
    /// <param name="frozen">The model to compare with, or null.</param>
    /// <param name="state">Makes the state from its header's four names.</param>
    public void Write(
        ServedModel online,
        ServedModel? frozen,
        Func<(string Model, string ModelFile, string? Frozen, string? FrozenFile), OnlineCheckpoint> state
    )
    {
        Directory.CreateDirectory(path);
        var modelFile = WriteModel(online);
        var frozenFile = frozen is null ? null : WriteModel(frozen);
        state((online.Model.Version, modelFile, frozen?.Model.Version, frozenFile)).Write(StatePath);
        foreach (var file in Directory.EnumerateFiles(path, "model-*.model"))
            if (Path.GetFileName(file) is var name && name != modelFile && name != frozenFile)
                File.Delete(file);
    }

    /// <summary>Reads the checkpoint; null if there is none.</summary>
    /// <exception cref="InvalidDataException">It can't be used; the message names the file and says why.</exception>
    public (OnlineCheckpoint State, ServedModel Online, ServedModel? Frozen)? Read()
    {
        if (!File.Exists(StatePath))
            return null;
        var state = OnlineCheckpoint.Read(StatePath);
        var header = state.Header;
        var online = ReadModel(header.ModelFile, header.Model, header.Number);
        var frozen = header is { Frozen: { } version, FrozenFile: { } file } ? ReadModel(file, version, 0) : null;
        if (
            frozen is not null
            && !online.Model.CourseIds.Take(frozen.Model.CourseCount).SequenceEqual(frozen.Model.CourseIds)
        )
            throw OnlineCheckpoint.Refused(
                StatePath,
                $"'{header.FrozenFile}' is no earlier state of '{header.ModelFile}'"
            );
        return (state, online, frozen);
    }

    /// <summary>What is thrown when the state turns out not to fit its model.</summary>
    public InvalidDataException Refused(string found) => OnlineCheckpoint.Refused(StatePath, found);

    private ServedModel ReadModel(string name, string version, long number)
    {
        var file = Path.Combine(path, Path.GetFileName(name));
        if (!File.Exists(file))
            throw OnlineCheckpoint.Refused(StatePath, $"its model '{name}' is missing");
        var saved = SequentialModelFile.Read(file);
        if (saved.Version != version)
            throw OnlineCheckpoint.Refused(
                StatePath,
                $"it belongs to model {version}, but '{name}' is model {saved.Version}"
            );
        return new(new(saved.Parameters, saved.Version), saved.Parameters, number);
    }

    private string WriteModel(ServedModel model)
    {
        var name = $"model-{FileName(model.Model.Version)}.model";
        var file = Path.Combine(path, name);
        if (!File.Exists(file))
            SequentialModelFile.Write(file, model.ToSaved());
        return name;
    }

    private static string FileName(string version) =>
        string.Concat(version.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
}
