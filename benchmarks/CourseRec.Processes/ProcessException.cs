namespace CourseRec.Processes;

/// <summary>
/// What was started, or was to be, did not do what it should; the message says what was seen. As an
/// <see cref="IOException"/> it is one line and exit code 2 on a command line.
/// </summary>
public sealed class ProcessException(string message, Exception? inner = null) : IOException(message, inner);
