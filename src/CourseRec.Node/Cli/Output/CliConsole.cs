using Spectre.Console;

namespace CourseRec.Node.Cli.Output;

/// <summary>The console: colours and bars on a terminal, plain text elsewhere.</summary>
internal static class CliConsole
{
    private const int PlainWidth = 160;

    /// <summary>The output.</summary>
    public static IAnsiConsole Out { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!Console.IsOutputRedirected)
            return AnsiConsole.Console;
        var plain = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No }
        );
        plain.Profile.Width = PlainWidth;
        return plain;
    }
}
