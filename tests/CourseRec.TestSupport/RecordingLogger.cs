using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CourseRec.TestSupport;

/// <summary>A logger that remembers its messages.</summary>
public sealed class RecordingLogger<T> : ILogger<T>
{
    public ConcurrentQueue<string> Messages { get; } = new();

    public bool Contains(string text) => Messages.Any(m => m.Contains(text));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Messages.Enqueue(formatter(state, exception));
}
