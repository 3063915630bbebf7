using System.Diagnostics.Metrics;
using System.Reflection;
using CourseRec.Actors.Telemetry;
using CourseRec.Node.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CourseRec.Node.Operations;

/// <summary>
/// OpenTelemetry: metrics are always there for <c>/metrics</c>; with an OTLP endpoint they go there too, with traces
/// and log lines.
/// </summary>
internal static class TelemetryServices
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, NodeOptions node)
    {
        var options = node.Telemetry;
        var telemetry = services
            .AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(node))
            .WithMetrics(metrics => metrics.AddInstruments().AddScraping());
        services.ConfigureOpenTelemetryMeterProvider(KeepOwn);
        if (options.OtlpEndpoint is { } endpoint)
            telemetry
                .WithMetrics(metrics => metrics.AddOtlpExporter(otlp => otlp.Send(options, endpoint, "v1/metrics")))
                .WithTracing(traces =>
                    traces.AddSpans(options).AddOtlpExporter(otlp => otlp.Send(options, endpoint, "v1/traces"))
                )
                .WithLogging(logs => logs.AddOtlpExporter(otlp => otlp.Send(options, endpoint, "v1/logs")));
        return services;
    }

    private static ResourceBuilder AddService(this ResourceBuilder resource, NodeOptions node) =>
        resource.AddService(
            node.Telemetry.ServiceName,
            serviceVersion: typeof(TelemetryServices)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion,
            serviceInstanceId: node.Cluster.Name
        );

    private static MeterProviderBuilder AddInstruments(this MeterProviderBuilder metrics) =>
        metrics
            .AddMeter("CourseRec.*")
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddProcessInstrumentation();

    /// <summary>Names and labels as one would write them by hand: no label says which library measured.</summary>
    private static MeterProviderBuilder AddScraping(this MeterProviderBuilder metrics) =>
        metrics.AddPrometheusExporter(prometheus =>
        {
            prometheus.ScopeInfoEnabled = false;
            prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
        });

    /// <summary>Meters are process-wide: what another node in this process measures is not this one's.</summary>
    private static void KeepOwn(IServiceProvider services, MeterProviderBuilder metrics)
    {
        var own = services.GetRequiredService<IMeterFactory>();
        metrics.AddView(instrument =>
            instrument.Meter.Scope is { } scope && scope != own ? MetricStreamConfiguration.Drop : null
        );
    }

    /// <summary>
    /// Requests of the interface and what becomes of their events. Scrapes and probes would be most of all traces, and
    /// a push connection lasts for hours; what is called on it is traced by call.
    /// </summary>
    private static TracerProviderBuilder AddSpans(this TracerProviderBuilder traces, TelemetryOptions options) =>
        traces
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
            .AddSource(EventTraces.SourceName)
            .AddAspNetCoreInstrumentation(http =>
                http.Filter = context => context.Request.Path.StartsWithSegments("/v1")
            )
            .AddHttpClientInstrumentation();

    private static void Send(this OtlpExporterOptions otlp, TelemetryOptions options, Uri endpoint, string path)
    {
        var isHttp = options.OtlpProtocol == OtlpProtocol.Http;
        otlp.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        otlp.Endpoint = isHttp ? new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/{path}") : endpoint;
        otlp.Headers = options.OtlpHeaders;
    }
}
