using CourseRec.Node.Options;
using Microsoft.Extensions.Configuration;

namespace CourseRec.Node.Tests.Options;

public sealed class TelemetryOptionsTests
{
    [Fact]
    public void Nothing_is_exported_or_traced_unless_told_where_to()
    {
        var options = Read();
        Assert.Null(options.OtlpEndpoint);
        Assert.Equal("courserec", options.ServiceName);
    }

    [Fact]
    public void A_collector_is_named_by_its_address_and_protocol()
    {
        var options = Read(
            ("OtlpEndpoint", "https://collector:4318/otlp"),
            ("OtlpProtocol", "http"),
            ("OtlpHeaders", "api-key=secret"),
            ("ServiceName", "learning-school"),
            ("TraceRatio", "0.5")
        );
        Assert.Equal(
            new TelemetryOptions
            {
                OtlpEndpoint = new("https://collector:4318/otlp"),
                OtlpProtocol = OtlpProtocol.Http,
                OtlpHeaders = "api-key=secret",
                ServiceName = "learning-school",
                TraceRatio = 0.5,
            },
            options
        );
    }

    [Theory]
    [InlineData("OtlpEndpoint", "collector:4317", "http://HOST:PORT or https://HOST:PORT")]
    [InlineData("OtlpProtocol", "udp", "one of grpc, http")]
    [InlineData("TraceRatio", "2", "a number from 0 to 1")]
    public void A_bad_option_is_refused_with_name_value_and_what_is_allowed(string name, string value, string allowed)
    {
        var error = Assert.Throws<OptionsException>(() => Read((name, value)));
        Assert.Equal($"CourseRec:Telemetry:{name} is '{value}'; allowed: {allowed}.", error.Message);
    }

    private static TelemetryOptions Read(params (string Name, string Value)[] settings) =>
        NodeOptionsReader
            .Read(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        settings.Select(s => KeyValuePair.Create($"CourseRec:Telemetry:{s.Name}", (string?)s.Value))
                    )
                    .Build()
            )
            .Telemetry;
}
