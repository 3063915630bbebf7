using System.Globalization;
using System.Text;

namespace CourseRec.Node.Operations;

/// <summary>
/// The Prometheus text exposition format, version 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats).
/// </summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>
    /// An instrument's name in Prometheus' manner: underscores, the unit, <c>_total</c> for counters.
    /// </summary>
    public static string NameOf(string instrument, string? unit, MetricKind kind)
    {
        var name = Clean(instrument);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            _ => "",
        };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal)
            ? name + "_total"
            : name;
    }

    /// <summary>Labels, ordered by name and escaped.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(
            ',',
            tags.ToArray()
                .Select(t =>
                    $"{Clean(t.Key)}=\"{Escape(Convert.ToString(t.Value, CultureInfo.InvariantCulture) ?? "")}\""
                )
                .Order(StringComparer.Ordinal)
        );

    public static void Write(TextWriter output, MetricFamily family)
    {
        var help = family
            .Help.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        output.Write($"# HELP {family.Name} {help}\n# TYPE {family.Name} {TypeOf(family.Kind)}\n");
        family.Read(
            (series, buckets) =>
            {
                if (family.Kind == MetricKind.Histogram)
                    WriteHistogram(output, family.Name, series, buckets);
                else
                    output.Write($"{family.Name}{Braced(series.Labels)} {Number(series.Value)}\n");
            }
        );
    }

    private static void WriteHistogram(TextWriter output, string name, MetricSeries series, double[] buckets)
    {
        long count = 0;
        for (var i = 0; i <= buckets.Length; i++)
        {
            count += series.Counts[i];
            var bound = $"le=\"{(i < buckets.Length ? Number(buckets[i]) : "+Inf")}\"";
            var labels = series.Labels.Length == 0 ? bound : $"{series.Labels},{bound}";
            output.Write($"{name}_bucket{{{labels}}} {Number(count)}\n");
        }
        output.Write($"{name}_sum{Braced(series.Labels)} {Number(series.Value)}\n");
        output.Write($"{name}_count{Braced(series.Labels)} {Number(count)}\n");
    }

    private static string TypeOf(MetricKind kind) =>
        kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Clean(string name)
    {
        var clean = new StringBuilder(name.Length + 1);
        foreach (var c in name)
            clean.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        return clean.Length > 0 && char.IsAsciiDigit(clean[0]) ? clean.Insert(0, '_').ToString() : clean.ToString();
    }

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
}
