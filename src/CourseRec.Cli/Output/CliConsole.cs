using Spectre.Console;

namespace CourseRec.Cli.Output;

/// <summary>The console: colours and bars on a terminal, plain text elsewhere.</summary>
public static class CliConsole
{
    private const int PlainWidth = 160;

    /// <summary>The output.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Where progress is shown by verbs whose output is a result.</summary>
    public static IAnsiConsole Error { get; } = Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool isRedirected)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) };
        if (!isRedirected)
            return AnsiConsole.Create(settings);
        settings.Ansi = AnsiSupport.No;
        settings.Interactive = InteractionSupport.No;
        var plain = AnsiConsole.Create(settings);
        plain.Profile.Width = PlainWidth;
        return plain;
    }
}
