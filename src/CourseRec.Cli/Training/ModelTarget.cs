namespace CourseRec.Cli.Training;

/// <summary>Where a model is to be written; checked before anything is spent on training it.</summary>
/// <param name="Path">The model's file.</param>
/// <param name="Resumes">Whether a training that was interrupted goes on.</param>
internal sealed record ModelTarget(string Path, bool Resumes)
{
    /// <summary>The training's state, beside the model.</summary>
    public string CheckpointPath => Path + ".checkpoint";

    /// <summary>Refuses what would overwrite a model unasked, or could not be written in the end.</summary>
    /// <exception cref="CliException">The message says what to do.</exception>
    public static ModelTarget Check(string path, bool resume, bool overwrite)
    {
        var target = new ModelTarget(path, resume);
        if (resume && overwrite)
            throw new CliException("--resume continues a training and --overwrite begins anew: name one of them.");
        if (Directory.Exists(path))
            throw new CliException($"{path} is a folder: --out names the model's file.");
        if (
            System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } folder
            && !Directory.Exists(folder)
        )
            throw new CliException($"{folder} does not exist: --out names a file in a folder that does.");
        if (resume && !File.Exists(target.CheckpointPath))
            throw new CliException($"{target.CheckpointPath} does not exist: there is no training to resume.");
        if (!resume && !overwrite)
            foreach (var existing in new[] { path, target.CheckpointPath }.Where(File.Exists))
                throw new CliException(
                    $"{existing} exists: go on with its training with --resume, or begin anew with --overwrite."
                );
        target.TryWriting();
        return target;
    }

    /// <summary>A training that could not be kept would be found out only after its first minute.</summary>
    private void TryWriting()
    {
        var beside = $"{Path}.{Environment.ProcessId}.tmp";
        try
        {
            using var probe = new FileStream(
                beside,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    Options = FileOptions.DeleteOnClose,
                }
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{Path} can't be written: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
