namespace CourseRec.Node.Options;

/// <summary>Reads section <c>Telemetry</c>.</summary>
internal static class TelemetryOptionsReader
{
    public static TelemetryOptions Read(OptionReader s, TelemetryOptions d) =>
        new()
        {
            OtlpEndpoint = s.Parsed("OtlpEndpoint", "http://HOST:PORT or https://HOST:PORT", Address),
            OtlpProtocol = s.Choice("OtlpProtocol", d.OtlpProtocol),
            OtlpHeaders = s.OptionalText("OtlpHeaders"),
            ServiceName = s.Text("ServiceName", d.ServiceName),
            TraceRatio = s.Number("TraceRatio", d.TraceRatio, 0, 1),
        };

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;
}
