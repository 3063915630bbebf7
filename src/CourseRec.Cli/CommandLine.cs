using System.CommandLine;
using System.CommandLine.Help;
using CourseRec.Actors;
using CourseRec.Actors.Intake;
using CourseRec.Actors.Ports;
using CourseRec.Node.Hosting;
using CourseRec.Training.Data;
using CourseRec.Training.Native;

namespace CourseRec.Cli;

/// <summary>
/// The command line: <c>courserec VERB</c>. Errors are one clear line on the error stream and exit code 2.
/// </summary>
public static class CommandLine
{
    /// <summary>The exit code of everything that the user can put right.</summary>
    public const int UsageError = 2;

    private const int Interrupted = 130;

    /// <summary>Runs one verb of <c>courserec</c>. Answers the exit code.</summary>
    public static Task<int> RunAsync(string[] args, TextWriter? error = null) => RunAsync(Root(), args, error);

    /// <summary>Runs one verb of a program. Answers the exit code.</summary>
    public static async Task<int> RunAsync(Command program, string[] args, TextWriter? error = null)
    {
        error ??= Console.Error;
        var parsed = program.Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(error, $"{Explain(parsed)} See --help.");
        try
        {
            return await parsed.InvokeAsync(Invocation(parsed));
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e) when (Explain(e) is { } line)
        {
            return Fail(error, line);
        }
    }

    private static Command Root() =>
        new("courserec", "CourseRec: the open real-time recommendation pipeline for course platforms.")
        {
            new HelpOption(),
            new VersionOption(),
            NodeCommand.Create(),
            ReplayCommand.Create(),
            TrainCommand.Create(),
            EvaluateCommand.Create(),
            SimulateCommand.Create(),
            SessionCommand.Create(),
            GenerationCommand.Create(),
            MigrateCommand.Create(),
            DeadLettersCommand.Create(),
            Bench(),
        };

    /// <summary>The benchmarks are a program of their own: whoever runs a node ships none of it.</summary>
    private static Command Bench()
    {
        var command = new Command("bench", "Measures CourseRec on this machine; in a checkout that ./build was run in.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(_ => Absent());
        return command;
    }

    private static int Absent() =>
        throw new CliException("bench is not part of this installation: run bin/courserec bench in a checkout.");

    private static InvocationConfiguration Invocation(ParseResult parsed) =>
        new()
        {
            EnableDefaultExceptionHandler = false,
            // A node handles signals itself and drains; the other verbs are cancelled, with time to put things down.
            ProcessTerminationTimeout =
                parsed.CommandResult.Command.Name == NodeCommand.Name ? null : TimeSpan.FromSeconds(30),
        };

    private static int Fail(TextWriter error, string message)
    {
        error.WriteLine(message);
        return UsageError;
    }

    private static string Explain(ParseResult parsed) =>
        parsed.UnmatchedTokens is [var unknown, ..]
            ? $"'{unknown}' is not known to '{parsed.CommandResult.Command.Name}'."
            : parsed.Errors[0].Message.ReplaceLineEndings(" ").TrimEnd();

    private static string? Explain(Exception e) =>
        e
            is CliException
                or InteractionDataException
                or InvalidDataException
                or TrainingException
                or GenerationException
                or PartitionStoppedException
                or IntakeRefusedException
            ? e.Message.ReplaceLineEndings(" ")
            : StartupErrors.Explain(e);
}
