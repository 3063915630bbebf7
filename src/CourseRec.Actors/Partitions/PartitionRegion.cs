using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Sharding;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The way to every partition, wherever it runs. The region is the only authority on that; its name carries the log's
/// generation, so that nodes of different generations never talk of the same partitions.
/// </summary>
internal sealed class PartitionRegion
{
    private const int MostMovedAtOnce = 100;
    private static readonly TimeSpan HandOverTime = TimeSpan.FromMilliseconds(500);
    private readonly ActorSystem _system;
    private readonly IActorRef? _pinger;
    private readonly object _stop;

    private PartitionRegion(ActorSystem system, IActorRef region, IActorRef? pinger, object stop)
    {
        (_system, Ref, _pinger, _stop) = (system, region, pinger, stop);
    }

    /// <summary>Takes what is for a partition, and passes it on.</summary>
    public IActorRef Ref { get; }

    /// <summary>Starts what there is of it in this process.</summary>
    public static PartitionRegion Start(
        ActorSystem system,
        Placement placement,
        StoreManifest manifest,
        Func<int, Props> partition
    )
    {
        var partitions = manifest.Log.Partitions;
        if (placement is Placement.Local or Placement.Listening)
        {
            var local = Props.Create(() => new LocalPartitions(partitions, partition));
            return new(system, system.ActorOf(local, "partitions"), null, Drain.It);
        }
        var (sharding, extractor) = (ClusterSharding.Get(system), new PartitionExtractor(partitions));
        var name = $"partition-{manifest.Generation}";
        if (placement is Placement.Elsewhere or Placement.Learning)
            return new(
                system,
                sharding.StartProxy(name, SessionCluster.SessionRole, extractor),
                null,
                GracefulShutdown.Instance
            );
        var region = sharding.Start(
            name,
            id => partition(int.Parse(id, CultureInfo.InvariantCulture)),
            ClusterShardingSettings.Create(system).WithRole(SessionCluster.SessionRole),
            extractor,
            ShardAllocationStrategy.LeastShardAllocationStrategy(MostMovedAtOnce, 1),
            Drain.It
        );
        var pinger = system.ActorOf(Props.Create(() => new PartitionPinger(region, partitions)), "pinger");
        return new(system, region, pinger, GracefulShutdown.Instance);
    }

    /// <summary>Drains what runs here, and hands it over. When cancelled, what is not stored is dropped.</summary>
    /// <param name="drained">Completes when nothing runs here any more. The region would wait for a new home of all
    /// that it keeps messages for, which without another node there never is; whoever sent them asks again.</param>
    /// <param name="cancel">Ends it at once.</param>
    public async Task StopAsync(Task drained, CancellationToken cancel)
    {
        if (_pinger is not null)
            _system.Stop(_pinger);
        var stopped = Ref.WatchAsync(CancellationToken.None);
        Ref.Tell(_stop);
        await using (cancel.Register(() => _system.Stop(Ref)))
        {
            await Task.WhenAny(stopped, drained);
            await Task.WhenAny(stopped, Task.Delay(HandOverTime, TimeProvider.System, cancel));
            _system.Stop(Ref);
            await stopped;
        }
    }
}
