using CourseRec.Actors.Ports;

namespace CourseRec.Persistence.Cassandra;

/// <summary>The directory of a cluster of nodes, beside their sessions.</summary>
internal sealed class CassandraNodeDirectory(StoreConnection connection) : INodeDirectory
{
    /// <inheritdoc/>
    public async ValueTask PublishAsync(NodeEntry node, CancellationToken cancel) =>
        await connection.RunAsync(tables => Done(tables.Nodes.StoreAsync(node, cancel)), cancel);

    /// <inheritdoc/>
    public async ValueTask WithdrawAsync(string node, CancellationToken cancel) =>
        await connection.RunAsync(tables => Done(tables.Nodes.DeleteAsync(node, cancel)), cancel);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<NodeEntry>> ListAsync(CancellationToken cancel) =>
        await connection.RunAsync(tables => tables.Nodes.ListAsync(cancel), cancel);

    private static async Task<bool> Done(Task work)
    {
        await work;
        return true;
    }
}
