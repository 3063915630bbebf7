using System.Globalization;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Ports;
using CourseRec.Node.Cluster;
using CourseRec.Node.Options;
using CourseRec.Persistence.Cassandra;

namespace CourseRec.Node.Hosting;

/// <summary>The node's actor system.</summary>
internal static class NodeActors
{
    /// <summary>A member of a cluster, be it of one, which tells the other nodes what it is.</summary>
    public static AkkaConfigurationBuilder WithNode(
        this AkkaConfigurationBuilder akka,
        NodeOptions options,
        IServiceProvider services
    )
    {
        var cluster = options.Cluster;
        var timings = new ClusterTimings { HeartbeatPause = cluster.HeartbeatPause, StableAfter = cluster.StableAfter };
        var roles = (cluster.Roles ?? Options.ClusterOptions.AllRoles).Select(role =>
            role.ToString().ToLowerInvariant()
        );
        var (host, port) = Split(cluster.Address);
        var (bindHost, bindPort) = Split(cluster.Bind ?? cluster.Address);
        return akka.WithActors()
            .AddHocon(SessionCluster.Config(timings), HoconAddMode.Prepend)
            .WithSplitBrain(cluster.SplitBrain, timings, services)
            .WithRemoting(
                new RemoteOptions
                {
                    HostName = bindHost,
                    Port = bindPort,
                    PublicHostName = host,
                    PublicPort = port,
                }
            )
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions { Roles = [.. roles] })
            .WithActors((system, _, resolver) => system.ActorOf(resolver.Props<NodeActor>(), NodeActor.Name));
    }

    private static (string Host, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        return (address[..colon], int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private static AkkaConfigurationBuilder WithSplitBrain(
        this AkkaConfigurationBuilder akka,
        SplitBrainStrategy strategy,
        ClusterTimings timings,
        IServiceProvider services
    )
    {
        if (strategy == SplitBrainStrategy.Majority)
            return akka;
        var store = (CassandraSessionStore)services.GetRequiredService<ISessionStore>();
        akka.AddSetup(new LeasesSetup(store.Leases, services.GetRequiredService<TimeProvider>()));
        return akka.AddHocon(LeaseMajority.Config(timings), HoconAddMode.Prepend);
    }

    /// <summary>What all of its actors need, and its log lines among the node's.</summary>
    public static AkkaConfigurationBuilder WithActors(this AkkaConfigurationBuilder akka) =>
        akka.AddHocon(ActorsConfig.Config, HoconAddMode.Prepend)
            .ConfigureLoggers(loggers =>
            {
                loggers.ClearLoggers();
                loggers.AddLoggerFactory();
            });
}
