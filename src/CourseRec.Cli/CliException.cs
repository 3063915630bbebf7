namespace CourseRec.Cli;

/// <summary>The user can put this right: the message is printed as one line and the process exits with 2.</summary>
public sealed class CliException(string message, Exception? inner = null) : Exception(message, inner);
