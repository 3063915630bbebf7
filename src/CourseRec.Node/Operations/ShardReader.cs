using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;

namespace CourseRec.Node.Operations;

/// <summary>
/// The shards, with the end that their partitions have in the log now. (A shard knows the end as of its last tick.)
/// </summary>
internal sealed class ShardReader(SessionHost sessions, IInteractionLog log)
{
    public async ValueTask<IReadOnlyList<PartitionStatus>> ReadAsync(CancellationToken cancel)
    {
        var shards = sessions.Shards.ToArray();
        for (var i = 0; i < shards.Length; i++)
        {
            var end = await EndOfAsync(shards[i], cancel);
            shards[i] = shards[i] with { End = Math.Max(end, shards[i].Applied) };
        }
        return shards;
    }

    private async ValueTask<long> EndOfAsync(PartitionStatus shard, CancellationToken cancel)
    {
        try
        {
            return (await log.RangeAsync(shard.Partition, cancel)).End;
        }
        catch (LogUnavailableException)
        {
            return shard.End;
        }
    }
}
