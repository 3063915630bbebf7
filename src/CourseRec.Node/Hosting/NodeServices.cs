using Akka.Hosting;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Learning;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Recommendations;
using CourseRec.Models.Catalogue;
using CourseRec.Node.Kafka;
using CourseRec.Node.Options;
using CourseRec.Node.Training;
using CourseRec.Persistence.Cassandra;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;
using CourseRec.Streams.Kafka;
using CourseRec.Training.Online;

namespace CourseRec.Node.Hosting;

/// <summary>
/// The node's own parts. The container disposes of them in reverse: sessions, store, log, data folder.
/// </summary>
public static class NodeServices
{
    /// <summary>The data folder, the log with its catalogue, and the intake.</summary>
    public static IServiceCollection AddStreams(this IServiceCollection services)
    {
        services.AddSingleton(sp => DataDirectory.Open(sp.GetRequiredService<NodeOptions>().DataDir));
        services.AddSingleton(OpenLog);
        services.AddSingleton(sp => (ICatalogueLog)sp.GetRequiredService<IInteractionLog>());
        return services.AddSingleton<InteractionIntake>();
    }

    /// <summary>The store, the sessions and what they rank with, as a node of a cluster, be it of one.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, NodeOptions options)
    {
        services.AddAkka(SessionCluster.SystemName, (akka, provider) => akka.WithNode(options, provider));
        services.AddSingleton<InstantWeightsFolder>().AddSingleton<NodeService>();
        services.AddHostedService(sp => sp.GetRequiredService<NodeService>());
        return services.AddSessionHost(sp => HostOptions(sp, options));
    }

    /// <summary>The same without a node, a cluster or anybody else: for who folds events and is done.</summary>
    public static IServiceCollection AddLocalSessions(this IServiceCollection services, NodeOptions options)
    {
        services.AddAkka(SessionCluster.SystemName, (akka, _) => akka.WithActors());
        return services.AddSessionHost(_ => options.Sessions.HostOptions(options) with { Placement = Placement.Local });
    }

    /// <summary>
    /// The trainer, which the session host teaches; told not to learn, it only serves the model that there is, or one
    /// that another node trains.
    /// </summary>
    public static IServiceCollection AddTraining(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(NewTrainer).AddSingleton<LearnedModelFile>();
        return options.Training.Enabled
            ? services.AddSingleton<IExampleSink>(sp => sp.GetRequiredService<OnlineTrainer>())
            : services;
    }

    /// <summary>The topic of recommendations, where one is named.</summary>
    public static IServiceCollection AddRecommendationsTopic(this IServiceCollection services, NodeOptions options) =>
        options is { Kafka: { BootstrapServers: not null, RecommendationsTopic: not null }, OnlyTrains: false }
            ? services.AddSingleton<IRecommendationOutput>(_ => new KafkaRecommendations(options.Kafka))
            : services;

    private static IServiceCollection AddSessionHost(
        this IServiceCollection services,
        Func<IServiceProvider, SessionHostOptions> options
    )
    {
        services.AddSingleton<CourseIndex>().AddSingleton<CourseCatalogue>().AddSingleton<CatalogueFollower>();
        return services.AddSingleton(OpenStore).AddSingleton(options).AddSingleton<SessionHost>();
    }

    /// <summary>
    /// A node that only trains looks back as far as its last checkpoint: users who were erased since are to be
    /// forgotten.
    /// </summary>
    private static SessionHostOptions HostOptions(IServiceProvider services, NodeOptions node)
    {
        var options = node.Sessions.HostOptions(node);
        if (!node.OnlyTrains)
            return options;
        var last = OnlineTrainer.LastCheckpointIn(services.GetRequiredService<DataDirectory>().ModelPath);
        var away = services.GetRequiredService<TimeProvider>().GetUtcNow() - last ?? TimeSpan.Zero;
        return options with { Rewind = options.Rewind + away };
    }

    private static OnlineTrainer NewTrainer(IServiceProvider services)
    {
        var training = services.GetRequiredService<NodeOptions>().Training;
        var options = new OnlineTrainerOptions
        {
            Folder = services.GetRequiredService<DataDirectory>().ModelPath,
            Model = training.Model,
            Learns = training.Enabled,
            Device = training.Device,
            Share = training.Share,
            PublishEvery = training.PublishEvery,
            CheckpointEvery = training.CheckpointEvery,
            FreezeEvery = training.FreezeEvery,
            HeldOut = training.HeldOut,
        };
        return new(
            options,
            services.GetRequiredService<CourseIndex>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<OnlineTrainer>>()
        );
    }

    private static IInteractionLog OpenLog(IServiceProvider services)
    {
        var options = services.GetRequiredService<NodeOptions>();
        if (options.Kafka.BootstrapServers is null)
            return OpenEmbeddedLog(services);
        var store = services.GetRequiredService<ISessionStore>();
        return KafkaLog.Open(
            KafkaLogs.OptionsOf(options, generation: 1),
            async cancel => (await store.ReadManifestAsync(cancel))?.Generation ?? 1,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<KafkaLog>>()
        );
    }

    private static EmbeddedLog OpenEmbeddedLog(IServiceProvider services)
    {
        var log = services.GetRequiredService<NodeOptions>().Log;
        var options = new EmbeddedLogOptions
        {
            Path = services.GetRequiredService<DataDirectory>().LogPath,
            Partitions = log.Partitions,
            RetainFor = log.RetainFor,
            RetainBytes = log.RetainBytes,
        };
        return EmbeddedLog.Open(
            options,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<EmbeddedLog>>()
        );
    }

    private static ISessionStore OpenStore(IServiceProvider services)
    {
        var cassandra = services.GetRequiredService<NodeOptions>().Cassandra;
        return cassandra.ContactPoints is null
            ? SqliteSessionStore.Open(new() { Path = services.GetRequiredService<DataDirectory>().StorePath })
            : CassandraSessionStore.Open(
                cassandra.StoreOptions,
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<ILogger<CassandraSessionStore>>()
            );
    }
}
