using System.Collections.Concurrent;
using CourseRec.Actors.Ports;

namespace CourseRec.Persistence.Nodes;

/// <summary>The directory of a process that is alone: it knows who published in it.</summary>
public sealed class LocalNodeDirectory : INodeDirectory
{
    private readonly ConcurrentDictionary<string, (NodeEntry Node, long Turn)> _nodes = new();
    private long _turns;

    /// <inheritdoc/>
    public ValueTask PublishAsync(NodeEntry node, CancellationToken cancel)
    {
        _nodes[node.Id] = (node, Interlocked.Increment(ref _turns));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask WithdrawAsync(string node, CancellationToken cancel)
    {
        _nodes.TryRemove(node, out _);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<NodeEntry>>([
            .. _nodes.Values.OrderByDescending(entry => entry.Turn).Select(entry => entry.Node),
        ]);
}
