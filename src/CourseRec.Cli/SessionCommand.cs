using System.CommandLine;
using System.Globalization;
using CourseRec.Actors;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using CourseRec.Cli.Output;
using CourseRec.Cli.Sessions;
using CourseRec.Cli.Targets;
using CourseRec.Models.Catalogue;
using CourseRec.Node.Options;
using Spectre.Console;

namespace CourseRec.Cli;

/// <summary><c>courserec session</c>: looks at sessions, and checks them against the log.</summary>
internal static class SessionCommand
{
    private const int Different = 1;

    /// <summary>The verb.</summary>
    public static Command Create() =>
        new("session", "Shows and verifies sessions; parked users; the format of sessions.")
        {
            Show(),
            Verify(),
            ParkedCommand.List(),
            ParkedCommand.Unpark(),
            FormatCommand.Create(),
        };

    private static Command Show()
    {
        var user = new Argument<string>("user") { Description = "The user's id." };
        var dataDir = CliOptions.DataDir();
        var url = CliOptions.Url();
        var cassandra = CassandraOption.Create();
        var command = new Command("show", "Prints a user's session, from a running node or else from the store.")
        {
            user,
            dataDir,
            url,
            cassandra,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var id = parsed.GetRequiredValue(user);
                var folder = parsed.GetRequiredValue(dataDir);
                Print(
                    EventTargets.FindNode(parsed.GetValue(url), folder) is { } node
                        ? await ReadFromNodeAsync(node, id, cancel)
                        : await ReadFromStoreAsync(
                            EventTargets.OptionsOf(folder, CassandraOption.FlagsOf(parsed, cassandra)),
                            id,
                            cancel
                        )
                );
            }
        );
        return command;
    }

    private static Command Verify()
    {
        var user = new Argument<string?>("user") { Description = "The user's id.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Verify everybody." };
        var dataDir = CliOptions.DataDir();
        var kafka = CliOptions.Kafka();
        var cassandra = CassandraOption.Create();
        var set = CliOptions.Set();
        var command = new Command(
            "verify",
            "Folds the log again and compares with the store, on the data folder of a stopped node. Exit code 1 "
                + "when something differs."
        )
        {
            user,
            all,
            dataDir,
            kafka,
            cassandra,
            set,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var id = parsed.GetValue(user);
                if ((id is null) != parsed.GetValue(all))
                    throw new CliException("session verify needs a user, or --all. See --help.");
                var flags = CliOptions.FlagsOf(parsed, kafka, set);
                flags.AddRange(CassandraOption.FlagsOf(parsed, cassandra));
                await using var data = StoppedData.Open(
                    EventTargets.OptionsOf(parsed.GetRequiredValue(dataDir), flags)
                );
                var rules = data.Options.Sessions.Rules;
                var log = await data.OpenExistingLogAsync(cancel);
                var verifier = new SessionVerifier(log, data.Store, rules, new CourseIndex());
                return Report(await verifier.VerifyAsync(id, cancel));
            }
        );
        return command;
    }

    private static int Report(VerifyReport report)
    {
        foreach (var difference in report.Differences)
            Console.WriteLine($"{difference.User} {difference.Finding}");
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Compared:N0} users compared, {report.Different:N0} differ, {report.OlderThanLog:N0} older "
                    + $"than the log{Parked(report)}"
            )
        );
        return report.Different == 0 ? 0 : Different;
    }

    private static string Parked(VerifyReport report) =>
        report.Parked == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {report.Parked:N0} parked");

    private static async Task<SessionView> ReadFromNodeAsync(Uri node, string user, CancellationToken cancel)
    {
        await using var target = new HttpTarget(node, TimeProvider.System);
        return HttpAnswers.ReadSession(await target.GetAsync($"v1/users/{Uri.EscapeDataString(user)}", cancel));
    }

    private static async Task<SessionView> ReadFromStoreAsync(
        NodeOptions options,
        string user,
        CancellationToken cancel
    )
    {
        var where = options.Cassandra.ContactPoints ?? options.DataDir;
        await using var data = StoppedData.Open(options);
        var manifest =
            await data.Store.ReadManifestAsync(cancel) ?? throw new CliException($"{where} has no sessions yet.");
        var partition = Partitioner.PartitionOf(user, manifest.Log.Partitions);
        var stored = (await data.Store.LoadSessionsAsync([user], cancel))[0];
        if ((await data.Store.ListParkedAsync(cancel)).FirstOrDefault(parking => parking.User == user) is { } parking)
            throw new CliException($"User '{user}' is parked from version {parking.Version} on: {parking.Reason}.");
        if (stored is null || stored.Blob.IsEmpty)
            throw new CliException($"{where} has no session of user '{user}'.");
        var courses = new CourseIndex();
        var session = new UserSession(data.Options.Sessions.Rules);
        new SessionCodec(data.Options.Sessions.Rules, courses).Decode(user, stored.Blob.Span, stored.Version, session);
        var history = new List<HistoryEntry>();
        foreach (ref readonly var item in session.History)
            history.Add(new(courses[item.Course], item.Type, DateTimeOffset.FromUnixTimeSeconds(item.Time)));
        return new SessionView(user, partition, stored.Version.Offset, stored.Version.Value, session.Applied, history);
    }

    private static void Print(SessionView session)
    {
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"user {session.User}: partition {session.Partition}, offset {session.Offset}, version "
                    + $"{session.Version}, {session.Applied} events applied"
            )
        );
        var table = Tables.New("history, oldest first", "course", "did", "when");
        foreach (var entry in session.History)
            table.Add(
                entry.Course,
                entry.Type.ToString().ToLowerInvariant(),
                entry.Time.ToString("u", CultureInfo.InvariantCulture)
            );
        CliConsole.Out.Write(table);
    }
}
