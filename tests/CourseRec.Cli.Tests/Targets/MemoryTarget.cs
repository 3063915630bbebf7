using System.Collections.Concurrent;
using System.Text.Json;
using CourseRec.Cli;
using CourseRec.Cli.Targets;

namespace CourseRec.Cli.Tests.Targets;

/// <summary>A target that keeps what it is sent, in order of arrival.</summary>
internal sealed class MemoryTarget(int failAfter = int.MaxValue) : IEventTarget
{
    public ConcurrentQueue<(string User, string Id)> Events { get; } = [];

    public string Name => "memory";

    public ValueTask<SendResult> SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancel)
    {
        if (Events.Count >= failAfter)
            throw new CliException("memory is full");
        using var json = JsonDocument.Parse(events);
        foreach (var e in json.RootElement.EnumerateArray())
            Events.Enqueue((e.GetProperty("user").GetString()!, e.GetProperty("id").GetString()!));
        return ValueTask.FromResult(new SendResult(json.RootElement.GetArrayLength(), 0, null));
    }

    public Task PutCoursesAsync(ReadOnlyMemory<byte> courses, CancellationToken cancel) => Task.CompletedTask;

    public ValueTask<PipelineState> ReadStateAsync(CancellationToken cancel) =>
        ValueTask.FromResult(new PipelineState([new(Events.Count, Events.Count, Events.Count)], []));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
