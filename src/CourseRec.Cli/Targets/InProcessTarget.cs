using System.Text.Json;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Node.Options;
using Microsoft.Extensions.DependencyInjection;

namespace CourseRec.Cli.Targets;

/// <summary>
/// The pipeline in this process, without HTTP: the log, the sessions and their store on a data folder. Without the
/// trainer: events come here faster than any model learns them, and <c>courserec train</c> on the same file learns
/// them better.
/// </summary>
public sealed class InProcessTarget : IEventTarget
{
    /// <summary>What the user should know about it.</summary>
    public const string Note =
        "No node runs there, so this process folds the events: sessions and counters learn from them, the model "
        + "does not (courserec train does).";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly ServiceProvider _services;
    private readonly SessionHost _sessions;
    private readonly InteractionIntake _intake;
    private readonly TimeProvider _time;

    private InProcessTarget(ServiceProvider services, string name, TimeProvider time)
    {
        _services = services;
        _sessions = services.GetRequiredService<SessionHost>();
        _intake = services.GetRequiredService<InteractionIntake>();
        _time = time;
        Name = name;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Opens the data folder and starts the sessions.</summary>
    public static async Task<InProcessTarget> OpenAsync(
        NodeOptions options,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        if (options.IsClustered)
            throw new CliException(
                "With Kafka and Cassandra, nodes fold the events: name a running one, as --url http://127.0.0.1:5080."
            );
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(options)
            .AddSingleton(time)
            .AddStreams()
            .AddLocalSessions(options)
            .BuildServiceProvider();
        try
        {
            var target = new InProcessTarget(services, options.DataDir, time);
            await services.GetRequiredService<IInteractionLog>().OpenedAsync(cancel);
            await target._sessions.StartAsync(cancel);
            return target;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<SendResult> SendAsync(ReadOnlyMemory<byte> events, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var result = await _intake.AcceptAsync(events, onlyUser: null, cancel);
                var reason = result.Rejected.Count == 0 ? null : result.Rejected[0].Reason;
                return new SendResult(result.Accepted, result.Rejected.Count, reason);
            }
            catch (LogBusyException)
            {
                await Task.Delay(Pause, _time, cancel);
            }
        }
    }

    /// <inheritdoc/>
    public async Task PutCoursesAsync(ReadOnlyMemory<byte> courses, CancellationToken cancel)
    {
        using var json = JsonDocument.Parse(courses);
        NewCatalogueRecord[] records =
        [
            .. json
                .RootElement.EnumerateArray()
                .Select(course => new NewCatalogueRecord(
                    course.GetProperty("id").GetString()!,
                    JsonSerializer.SerializeToUtf8Bytes(course)
                )),
        ];
        await _services.GetRequiredService<ICatalogueLog>().AppendAsync(records, cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<PipelineState> ReadStateAsync(CancellationToken cancel)
    {
        if (_sessions.Completion.IsFaulted)
            await _sessions.Completion;
        var log = _services.GetRequiredService<IInteractionLog>();
        var states = new PartitionState[log.Identity.Partitions];
        var shards = _sessions.Shards.ToDictionary(shard => shard.Partition);
        for (var partition = 0; partition < states.Length; partition++)
        {
            var end = (await log.RangeAsync(partition, cancel)).End;
            var shard = shards.GetValueOrDefault(partition);
            if (shard is { State: Actors.Partitions.PartitionState.Stopped, Problem: { } problem })
                throw new CliException($"Partition {partition} stopped: {problem}");
            states[partition] = new PartitionState(end, shard?.Applied ?? 0, shard?.Stored ?? 0);
        }
        return new PipelineState(states, _sessions.QualityEver);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sessions.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
