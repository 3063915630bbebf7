using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Shards;
using CourseRec.Models.Catalogue;
using CourseRec.Node.Options;
using CourseRec.Persistence.Sqlite;
using CourseRec.Streams.Embedded;

namespace CourseRec.Node.Hosting;

/// <summary>The node's own parts. The container disposes of them in reverse: sessions, store, log, data folder.</summary>
internal static class NodeServices
{
    public static IServiceCollection AddStreams(this IServiceCollection services)
    {
        services.AddSingleton(sp => DataDirectory.Open(sp.GetRequiredService<NodeOptions>().DataDir));
        services.AddSingleton(OpenLog);
        services.AddSingleton<IInteractionLog>(sp => sp.GetRequiredService<EmbeddedLog>());
        services.AddSingleton<ICatalogueLog>(sp => sp.GetRequiredService<EmbeddedLog>());
        return services.AddSingleton<InteractionIntake>();
    }

    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddSingleton<CourseIndex>().AddSingleton<CourseCatalogue>().AddSingleton<CatalogueFollower>();
        services.AddSingleton<ISessionStore>(OpenStore);
        services.AddSingleton(sp => sp.GetRequiredService<NodeOptions>().Sessions).AddSingleton<SessionHost>();
        return services.AddSingleton<NodeService>().AddHostedService(sp => sp.GetRequiredService<NodeService>());
    }

    private static EmbeddedLog OpenLog(IServiceProvider services)
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

    private static SqliteSessionStore OpenStore(IServiceProvider services) =>
        SqliteSessionStore.Open(new() { Path = services.GetRequiredService<DataDirectory>().StorePath });
}
