using CourseRec.Actors.Ports;
using CourseRec.Actors.Shards;

namespace CourseRec.Node.Operations;

/// <summary>The shards, with the end that their partitions have in the log now. (A shard knows the end as of its last tick.)</summary>
internal sealed class ShardReader(SessionHost sessions, IInteractionLog log)
{
    public async ValueTask<IReadOnlyList<ShardStatus>> ReadAsync(CancellationToken cancel)
    {
        var shards = sessions.Shards.ToArray();
        for (var i = 0; i < shards.Length; i++)
        {
            var range = await log.RangeAsync(shards[i].Partition, cancel);
            shards[i] = shards[i] with { End = Math.Max(range.End, shards[i].Applied) };
        }
        return shards;
    }
}
