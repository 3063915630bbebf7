using Confluent.Kafka;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Kafka;

public sealed partial class KafkaLog
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private volatile string _waitsFor;

    /// <inheritdoc/>
    public string? Problem =>
        _opening.IsCompletedSuccessfully ? null : _opening.Exception?.InnerException?.Message ?? _waitsFor;

    /// <summary>What is followed now, for tests.</summary>
    internal IReadOnlyList<FollowedPartition> Followed => [.. Now.Fetcher.Followed];

    private OpenedKafka Now =>
        Problem is { } problem
            ? throw new LogUnavailableException($"{problem} This node keeps trying; send it again.")
            : _opening.Result;

    /// <inheritdoc/>
    /// <exception cref="KafkaSettingsException">A setting is wrong, or the consumer group has members.</exception>
    public Task OpenedAsync(CancellationToken cancel) => _opening.WaitAsync(cancel);

    private async Task<OpenedKafka> OpenAsync(
        Func<CancellationToken, ValueTask<int>> generation,
        CancellationToken stop
    )
    {
        var options = _options with { Generation = await AwaitGenerationAsync(generation, stop) };
        options.Validate();
        var topics = new TopicSetup(options, _settings, _clients, _admin, _time, _logger);
        var identity = await topics.PrepareAsync(SaysItWaits, stop);
        var group = $"{options.GroupId}-{options.Generation}";
        var queries = _clients.Reader(group);
        PartitionFetcher? fetcher = null;
        try
        {
            var commits = new GroupCommits(
                queries,
                group,
                options.Topic,
                partition => fetcher?.Find(partition) is not null,
                _clients,
                _time,
                _logger
            );
            await RequireNoMembersAsync(commits, queries, identity.Partitions, stop);
            fetcher = new(
                _clients,
                options.Topic,
                identity.Partitions,
                (partition, cancel) => QueryRangeAsync(At(partition), cancel),
                _time,
                _logger
            );
            _logger.Opened(options.BootstrapServers, options.Topic, identity.Partitions, identity.Id);
            return new(identity, topics, queries, fetcher, commits);
        }
        catch when (!stop.IsCancellationRequested)
        {
            queries.Dispose(); // Not while it waits for an answer.
            throw;
        }
    }

    private async Task<int> AwaitGenerationAsync(
        Func<CancellationToken, ValueTask<int>> generation,
        CancellationToken stop
    )
    {
        var first = _waitsFor;
        while (true)
        {
            try
            {
                var answer = await generation(stop);
                _waitsFor = first;
                return answer;
            }
            catch (StoreUnavailableException e)
            {
                _waitsFor = e.Message;
                await Task.Delay(RetryAfter, _time, stop);
            }
        }
    }

    private async Task RequireNoMembersAsync(
        GroupCommits commits,
        IConsumer<byte[], byte[]> queries,
        int partitions,
        CancellationToken stop
    )
    {
        while (true)
        {
            try
            {
                await Blocking.RunAsync(() => commits.RequireNoMembers(partitions), stop).WaitAsync(stop);
                return;
            }
            catch (KafkaException e)
            {
                _clients.Reconnect(queries);
                SaysItWaits(_clients.Explain(e.Error));
                await Task.Delay(RetryAfter, _time, stop);
            }
        }
    }

    private void SaysItWaits(string problem) =>
        _waitsFor = $"Kafka at {_options.BootstrapServers} is waited for: {problem}";

    /// <summary>What there is once the log is open.</summary>
    private sealed record OpenedKafka(
        LogIdentity Identity,
        TopicSetup Topics,
        IConsumer<byte[], byte[]> Queries,
        PartitionFetcher Fetcher,
        GroupCommits Commits
    );
}
