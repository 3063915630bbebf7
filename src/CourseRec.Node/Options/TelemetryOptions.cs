namespace CourseRec.Node.Options;

/// <summary>
/// Where metrics, traces and log lines go beside <c>/metrics</c> and standard output: nowhere, until an OTLP endpoint
/// is named.
/// </summary>
public sealed record TelemetryOptions
{
    /// <summary>
    /// An OpenTelemetry collector's address, as <c>http://127.0.0.1:4317</c>; null: nothing is exported or traced.
    /// </summary>
    [Matching("^https?://\\S+$", "http://HOST:PORT or https://HOST:PORT")]
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>
    /// How it is spoken to. With <see cref="Options.OtlpProtocol.Http"/> the endpoint is the base address, to which
    /// <c>/v1/traces</c> and its like are added.
    /// </summary>
    public OtlpProtocol OtlpProtocol { get; init; } = OtlpProtocol.Grpc;

    /// <summary>Headers to send along, as <c>name=value,name=value</c>; null: none.</summary>
    public string? OtlpHeaders { get; init; }

    /// <summary>The service that this node is an instance of.</summary>
    public string ServiceName { get; init; } = "courserec";

    /// <summary>
    /// The share of requests, 0 to 1, that are traced when their sender has not decided it; a sender's decision
    /// (<c>traceparent</c>) stands.
    /// </summary>
    [Number(0, 1)]
    public double TraceRatio { get; init; } = 0.01;
}

/// <summary>How an OTLP endpoint is spoken to.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC; port 4317 by custom.</summary>
    Grpc,

    /// <summary>Protocol buffers over HTTP; port 4318 by custom.</summary>
    Http,
}
