using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CourseRec.Cli.Output;
using Spectre.Console;

namespace CourseRec.Benchmarks;

/// <summary>What every bench prints: its report, as tables or as JSON.</summary>
internal static class BenchOutput
{
    // Names keep their plus: the JSON is never pasted into HTML unescaped.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
    };

    /// <summary>The option that asks for JSON.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of tables." };

    /// <summary>Says on the error stream what is measured now.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"Measuring {what} …");

    /// <summary>Prints a report.</summary>
    public static void Print<T>(T report, bool asJson, params IEnumerable<Table> tables)
    {
        if (asJson)
            Console.WriteLine(JsonSerializer.Serialize(report, Options));
        else
            foreach (var table in tables)
                CliConsole.Out.Write(table);
    }
}
