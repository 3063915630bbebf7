namespace CourseRec.Training.Native;

/// <summary>libtorch refused or failed; the message carries what it said.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>An error of one line.</summary>
    public TrainingException(string message)
        : base(message) { }
}
