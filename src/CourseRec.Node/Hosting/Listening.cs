using CourseRec.Node.Options;

namespace CourseRec.Node.Hosting;

/// <summary>Where the node listens, and how it writes its log.</summary>
internal static class Listening
{
    private const int MaxConnections = 20_000;

    public static void Listen(this WebApplicationBuilder builder, NodeOptions options)
    {
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Intake.MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
        });
        builder.WebHost.UseUrls(ListenAddresses.Split(options.Urls));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
    }

    public static void AddNodeLogging(this WebApplicationBuilder builder, LoggingOptions options)
    {
        builder.Logging.SetMinimumLevel(options.Level).AddFilter("Microsoft", Max(options.Level, LogLevel.Warning));
        // The failure that these report reaches whoever started the node; twice is once too often.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.Error);
        const string timestamp = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        if (options.Json)
            builder.Logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = timestamp.TrimEnd();
            });
        else
            builder.Logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = timestamp;
            });
    }

    private static LogLevel Max(LogLevel left, LogLevel right) => left > right ? left : right;
}
