using System.Globalization;
using CourseRec.Cli.Output;
using CourseRec.Models.Sequential;
using Spectre.Console;

namespace CourseRec.Cli.Training;

/// <summary>What a training gave, as a table.</summary>
internal static class TrainingSummary
{
    /// <summary>Prints it.</summary>
    public static void Print(IAnsiConsole console, SavedSequentialModel model, TrainSettings settings)
    {
        var (config, parameters) = (model.Parameters.Config, model.Parameters);
        var table = Tables.New($"{model.Version} in {settings.Target.Path}", "training", "value");
        var layers = config.Block == SequentialBlock.Gated ? "gated" : "plain";
        table.Add("layers", $"{config.Layers} {layers}, {config.Heads} heads");
        table.Add("width / length", $"{config.Dimension} / {config.MaxLength}");
        table.Add("courses", parameters.CourseIds.Count.ToString("N0", CultureInfo.InvariantCulture));
        table.Add("parameters", parameters.Values.Length.ToString("N0", CultureInfo.InvariantCulture));
        foreach (var (name, value) in model.Metrics)
            table.Add(name, value.ToString("0.0000", CultureInfo.InvariantCulture));
        foreach (var (name, value) in model.Training)
            table.Add(name, value);
        console.Write(table);
    }
}
