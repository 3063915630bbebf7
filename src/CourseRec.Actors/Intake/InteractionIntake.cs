using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Telemetry;
using CourseRec.Models.Interactions;

namespace CourseRec.Actors.Intake;

/// <summary>
/// The way in for interactions: validates, completes ids and times, and appends to the log. Safe for concurrent use. An
/// event that was accepted is durable.
/// </summary>
public sealed class InteractionIntake : IDisposable
{
    /// <summary>Events in one request, at most.</summary>
    public const int MaxEvents = 1_000;

    /// <summary>
    /// Events of one user in one request, at most: as many ids as a session recognises as duplicates.
    /// </summary>
    public const int MaxEventsOfUser = 32;

    private static readonly int PooledBatches = Environment.ProcessorCount * 4;
    private readonly IInteractionLog _log;
    private readonly TimeProvider _time;
    private readonly EventIds _ids;
    private readonly ConcurrentQueue<IntakeBatch> _pool = new();
    private readonly Meter _meter = new("CourseRec.Intake");
    private readonly Counter<long> _rejected;

    /// <summary>An intake into a log.</summary>
    public InteractionIntake(IInteractionLog log, TimeProvider time)
    {
        _log = log;
        _time = time;
        _ids = new EventIds(time);
        _rejected = _meter.CreateCounter<long>("courserec.events.rejected", "{event}", "Events refused as invalid.");
    }

    /// <summary>Users seen in requests lately, the latest first.</summary>
    public RecentUsers Recent { get; } = new();

    /// <summary>
    /// Accepts a request: one event, or an array of at most <see cref="MaxEvents"/>. What is invalid is left out and
    /// reported; when the body as a whole can't be read, nothing is accepted.
    /// </summary>
    /// <param name="json">The request, JSON in UTF-8.</param>
    /// <param name="onlyUser">The user whose events alone are accepted; null for anyone's.</param>
    /// <param name="cancel">Has no effect once the events are on their way to the log.</param>
    /// <exception cref="IntakeRefusedException">The body is not JSON, or has too many events.</exception>
    /// <exception cref="LogBusyException">Too much is waiting to be written.</exception>
    /// <exception cref="LogUnavailableException">The log can't be written now.</exception>
    public async ValueTask<IntakeResult> AcceptAsync(
        ReadOnlyMemory<byte> json,
        string? onlyUser,
        CancellationToken cancel
    )
    {
        cancel.ThrowIfCancellationRequested();
        using var send = EventTraces.StartSend(_log.Address);
        var batch = _pool.TryDequeue(out var pooled) ? pooled : new IntakeBatch();
        var single = Read(batch, json, onlyUser, EventTraces.Carried(send));
        var result = new IntakeResult(batch.Records.Count, batch.Rejected, single);
        if (result.Accepted > 0)
            result = result with { Ends = await AppendAsync(batch) };
        if (result.Rejected.Count > 0)
            _rejected.Add(result.Rejected.Count);
        // Not when the append failed: the log may still refer to the batch's bytes.
        Return(batch);
        return result;
    }

    /// <summary>Appends the record that erases a user.</summary>
    /// <exception cref="LogBusyException">Too much is waiting to be written.</exception>
    /// <exception cref="LogUnavailableException">The log can't be written now.</exception>
    public async ValueTask EraseAsync(string user, CancellationToken cancel)
    {
        await AppendAsync(user, (id, now) => InteractionJson.Erasure(user, id, now), cancel);
        Recent.Forget(user);
    }

    /// <summary>Appends the record that ends a user's parking.</summary>
    /// <exception cref="LogBusyException">Too much is waiting to be written.</exception>
    /// <exception cref="LogUnavailableException">The log can't be written now.</exception>
    public ValueTask UnparkAsync(Parking parking, CancellationToken cancel)
    {
        var partition = Partitioner.PartitionOf(parking.User, _log.Identity.Partitions);
        var from = new RecordOrigin(parking.Version.Generation, partition, parking.Version.Offset);
        return AppendAsync(parking.User, (id, now) => InteractionJson.Unparking(parking.User, id, now, from), cancel);
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private async ValueTask AppendAsync(string user, Func<string, long, byte[]> record, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var key = Encoding.UTF8.GetBytes(user);
        var partition = Partitioner.PartitionOf(key.AsSpan(), _log.Identity.Partitions);
        await _log.AppendAsync([new(partition, now, key, record(_ids.Next(), now))], CancellationToken.None);
    }

    private bool Read(IntakeBatch batch, ReadOnlyMemory<byte> json, string? onlyUser, string? traceParent)
    {
        try
        {
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            return batch.Read(json, onlyUser, now, _ids, _log.Identity.Partitions, traceParent);
        }
        catch (IntakeRefusedException)
        {
            Return(batch);
            throw;
        }
    }

    private void Return(IntakeBatch batch)
    {
        if (batch.Reset() && _pool.Count < PooledBatches)
            _pool.Enqueue(batch);
    }

    private async ValueTask<IReadOnlyList<PartitionEnd>> AppendAsync(IntakeBatch batch)
    {
        var (log, start) = (_log.Address, _time.GetTimestamp());
        IReadOnlyList<PartitionEnd> ends;
        try
        {
            ends = await _log.AppendAsync(batch.Records, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogMetrics.Sent(log, batch.Records.Count, _time.GetElapsedTime(start), e);
            throw;
        }
        LogMetrics.Sent(log, batch.Records.Count, _time.GetElapsedTime(start), null);
        Recent.Saw(batch.Records[^1].Key.Span);
        return ends;
    }
}

/// <summary>What became of a request.</summary>
/// <param name="Accepted">Events that are in the log now.</param>
/// <param name="Rejected">The others, by index.</param>
/// <param name="IsSingle">The request was one event, not an array.</param>
public sealed record IntakeResult(int Accepted, IReadOnlyList<RejectedEvent> Rejected, bool IsSingle)
{
    /// <summary>Where the partitions end that it was written to, or later.</summary>
    public IReadOnlyList<PartitionEnd> Ends { get; init; } = [];
}

/// <summary>An event that was not accepted.</summary>
/// <param name="Index">Its place in the request, from 0.</param>
/// <param name="Reason">What is wrong; begins with the field at fault.</param>
public readonly record struct RejectedEvent(int Index, string Reason);

/// <summary>A request that can't be read as events; nothing of it was accepted.</summary>
public sealed class IntakeRefusedException(string message, bool tooLarge = false) : Exception(message)
{
    /// <summary>There is too much in it (HTTP 413), rather than something wrong with it (HTTP 400).</summary>
    public bool IsTooLarge { get; } = tooLarge;
}
