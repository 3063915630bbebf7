using System.CommandLine;
using System.Globalization;
using System.Text;
using CourseRec.Actors.Ports;
using CourseRec.Cli.DeadLetters;
using CourseRec.Cli.Output;
using CourseRec.Cli.Targets;
using Spectre.Console;

namespace CourseRec.Cli;

/// <summary><c>courserec dead-letters</c>: records that could not be folded.</summary>
internal static class DeadLettersCommand
{
    private const int SomeRefused = 1;
    private const int ShownBytes = 60;

    /// <summary>The verb.</summary>
    public static Command Create() =>
        new("dead-letters", "Records that could not be folded, with the reason and their bytes.") { List(), Replay() };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "JSON lines, to correct and to replay." };
        var (dataDir, kafka, set) = (CliOptions.DataDir(), CliOptions.Kafka(), CliOptions.Set());
        var command = new Command(
            "list",
            "Lists them, oldest first: from Kafka, or from the data folder of a stopped node."
        )
        {
            json,
            dataDir,
            kafka,
            set,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var flags = CliOptions.FlagsOf(parsed, kafka, set);
                await using var data = await OpenAsync(parsed.GetRequiredValue(dataDir), flags, cancel);
                var letters = data.Log.ReadDeadLettersAsync(cancel);
                await (parsed.GetValue(json) ? PrintLinesAsync(letters) : PrintTableAsync(letters));
            }
        );
        return command;
    }

    private static Command Replay()
    {
        var from = new Option<string?>("--from")
        {
            Description = "Lines of 'list --json', with the values corrected. Left out: all dead letters as they are.",
            HelpName = "file",
        };
        var (dataDir, kafka, set) = (CliOptions.DataDir(), CliOptions.Kafka(), CliOptions.Set());
        var command = new Command(
            "replay",
            "Sends them into the log again, each event id once. Users erased since stay erased. Exit code 1 when "
                + "some still can't be read."
        )
        {
            from,
            dataDir,
            kafka,
            set,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var flags = CliOptions.FlagsOf(parsed, kafka, set);
                await using var data = await OpenAsync(parsed.GetRequiredValue(dataDir), flags, cancel);
                var replay = new DeadLetterReplay(data.Log);
                var letters = parsed.GetValue(from) is { } file
                    ? DeadLetterLines.ReadAsync(file)
                    : data.Log.ReadDeadLettersAsync(cancel);
                await foreach (var letter in letters)
                    replay.Add(letter);
                return Report(replay, await replay.SendAsync(cancel));
            }
        );
        return command;
    }

    private static Task<OpenedLog> OpenAsync(
        string dataDir,
        IEnumerable<KeyValuePair<string, string?>> flags,
        CancellationToken cancel
    ) => OpenedLog.OpenAsync(EventTargets.OptionsOf(dataDir, flags), cancel);

    private static int Report(DeadLetterReplay replay, (int Sent, int Known) outcome)
    {
        foreach (var (letter, reason) in replay.Refused)
            Console.WriteLine($"partition {letter.Partition}, offset {letter.Offset}: {reason}");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{outcome.Sent:N0} sent in again, {outcome.Known:N0} in the log already, {replay.Refused.Count:N0} "
                    + $"still can't be read"
            )
        );
        return replay.Refused.Count == 0 ? 0 : SomeRefused;
    }

    private static async Task PrintLinesAsync(IAsyncEnumerable<DeadLetter> letters)
    {
        await foreach (var letter in letters)
            Console.WriteLine(DeadLetterLines.Write(letter));
    }

    private static async Task PrintTableAsync(IAsyncEnumerable<DeadLetter> letters)
    {
        var table = Tables.New("dead letters, oldest first", "reason", "partition", "offset", "accepted", "bytes");
        await foreach (var letter in letters)
            table.Add(
                letter.Reason,
                letter.Partition.ToString(CultureInfo.InvariantCulture),
                letter.Offset.ToString(CultureInfo.InvariantCulture),
                DateTimeOffset.FromUnixTimeMilliseconds(letter.AcceptedAt).ToString("u", CultureInfo.InvariantCulture),
                Shown(letter.Value.Span)
            );
        CliConsole.Out.Write(table);
    }

    private static string Shown(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value[..Math.Min(value.Length, ShownBytes)]);
        var printable = string.Concat(text.Select(c => char.IsControl(c) ? '�' : c));
        return value.Length > ShownBytes ? printable + "…" : printable;
    }
}
