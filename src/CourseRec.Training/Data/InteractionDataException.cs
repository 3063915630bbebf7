namespace CourseRec.Training.Data;

/// <summary>
/// A file of interactions can't be used; the message is one line that names the file, the line and what is wrong.
/// </summary>
public sealed class InteractionDataException(string message, Exception? inner = null) : Exception(message, inner);
