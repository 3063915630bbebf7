using CourseRec.Actors.Ports;
using Microsoft.Extensions.Logging;

namespace CourseRec.Actors.Catalogue;

/// <summary>
/// Keeps the catalogue folded up to the end of its log. A log that can't be read is tried again every second.
/// </summary>
public sealed partial class CatalogueFollower(
    ICatalogueLog log,
    CourseCatalogue catalogue,
    TimeProvider time,
    ILogger<CatalogueFollower> logger
)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly Lock _waiting = new();
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _next;
    private long _target = long.MaxValue;

    /// <summary>Whether the catalogue was read to the end that its log had when this started.</summary>
    public bool IsReady => Volatile.Read(ref _next) >= Volatile.Read(ref _target);

    /// <summary>Follows until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
            catch (LogUnavailableException e)
            {
                CatalogueUnreadable(e.Message);
                await Task.Delay(Retry, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Completes when everything below an offset is folded, so that who wrote a course can read it.</summary>
    public async Task WhenReadAsync(long end, CancellationToken cancel)
    {
        while (true)
        {
            Task moved;
            lock (_waiting)
            {
                if (_next >= end)
                    return;
                moved = _moved.Task;
            }
            await moved.WaitAsync(cancel);
        }
    }

    private async Task FollowAsync(CancellationToken cancel)
    {
        if (_target == long.MaxValue)
            Volatile.Write(ref _target, await log.EndAsync(cancel));
        await foreach (var record in log.FollowAsync(_next, cancel))
        {
            if (!catalogue.TryApply(record, out var error))
                NotACourse(record.Offset, record.Course, error.ToString());
            Advance(record.Offset + 1);
        }
    }

    private void Advance(long next)
    {
        TaskCompletionSource moved;
        lock (_waiting)
        {
            Volatile.Write(ref _next, next);
            moved = _moved;
            _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        moved.SetResult();
    }

    [LoggerMessage(LogLevel.Warning, "The catalogue can't be read, trying again: {Problem}")]
    private partial void CatalogueUnreadable(string problem);

    [LoggerMessage(
        LogLevel.Warning,
        "Catalogue record {Offset} ({Course}) is left out: {Problem}. Write the course again."
    )]
    private partial void NotACourse(long offset, string course, string problem);
}
