using System.Collections.Concurrent;
using CourseRec.Actors.Push;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Tests.Push;

/// <summary>A client that remembers what it was sent, and takes as long as the test wants.</summary>
internal sealed class TestChannel : IPushChannel
{
    private readonly ConcurrentQueue<RecommendationList> _lists = new();
    private readonly ConcurrentQueue<double?> _latencies = new();
    private readonly ConcurrentQueue<(RecommendationList List, Exception Reason)> _failures = new();

    /// <summary>What a list waits for, before it is sent; its failure is the client's.</summary>
    public volatile Task Sending = Task.CompletedTask;

    /// <summary>Every list, the first one first.</summary>
    public IReadOnlyList<RecommendationList> Lists => [.. _lists];

    /// <summary>The list last sent; null: none.</summary>
    public RecommendationList? Last => _lists.LastOrDefault();

    /// <summary>The offset of the list last sent; null: none was.</summary>
    public long? Offset => Last?.Offset;

    /// <summary>How old the event was of every list that was sent.</summary>
    public IReadOnlyList<double?> Latencies => [.. _latencies];

    /// <summary>Lists that could not be sent.</summary>
    public IReadOnlyList<(RecommendationList List, Exception Reason)> Failures => [.. _failures];

    /// <summary>Holds lists back that are sent from now on.</summary>
    public TaskCompletionSource Hold()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Sending = hold.Task;
        return hold;
    }

    public Task SendAsync(RecommendationList list)
    {
        _lists.Enqueue(list);
        return Sending;
    }

    public void Pushed(double? milliseconds) => _latencies.Enqueue(milliseconds);

    public void Failed(RecommendationList list, Exception reason) => _failures.Enqueue((list, reason));
}
