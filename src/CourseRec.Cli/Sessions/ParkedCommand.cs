using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CourseRec.Actors;
using CourseRec.Actors.Intake;
using CourseRec.Cli.Targets;
using CourseRec.Node.Http;

namespace CourseRec.Cli.Sessions;

/// <summary><c>courserec session parked</c> and <c>unpark</c>: users whose events are put aside.</summary>
internal static class ParkedCommand
{
    /// <summary>Lists them.</summary>
    public static Command List()
    {
        var (dataDir, url, cassandra) = (CliOptions.DataDir(), CliOptions.Url(), CassandraOption.Create());
        var command = new Command(
            "parked",
            "Lists the users whose events are put aside, with the reason: from a running node, or else from the store."
        )
        {
            dataDir,
            url,
            cassandra,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var folder = parsed.GetRequiredValue(dataDir);
                Print(
                    EventTargets.FindNode(parsed.GetValue(url), folder) is { } node
                        ? await ReadFromNodeAsync(node, cancel)
                        : await ReadFromStoreAsync(folder, CassandraOption.FlagsOf(parsed, cassandra), cancel)
                );
            }
        );
        return command;
    }

    /// <summary>Releases one.</summary>
    public static Command Unpark()
    {
        var user = new Argument<string>("user") { Description = "The user's id." };
        var (dataDir, url) = (CliOptions.DataDir(), CliOptions.Url());
        var (kafka, cassandra, set) = (CliOptions.Kafka(), CassandraOption.Create(), CliOptions.Set());
        var command = new Command(
            "unpark",
            "Folds a parked user's events again from now on, after the cause is mended: by a running node, or else "
                + "in the log. Then 'dead-letters replay' brings what was put aside."
        )
        {
            user,
            dataDir,
            url,
            kafka,
            cassandra,
            set,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var (id, folder) = (parsed.GetRequiredValue(user), parsed.GetRequiredValue(dataDir));
                if (EventTargets.FindNode(parsed.GetValue(url), folder) is { } node)
                {
                    await using var target = new HttpTarget(node, TimeProvider.System);
                    await target.RequestAsync($"v1/users/{Uri.EscapeDataString(id)}/unpark", cancel);
                }
                else
                {
                    var flags = CliOptions.FlagsOf(parsed, kafka, set);
                    flags.AddRange(CassandraOption.FlagsOf(parsed, cassandra));
                    await UnparkInLogAsync(id, folder, flags, cancel);
                }
                Console.WriteLine(
                    $"The log says now that user {id} is not parked any more. When a node has read that, 'courserec "
                        + "dead-letters replay' brings what was put aside."
                );
            }
        );
        return command;
    }

    private static async Task UnparkInLogAsync(
        string user,
        string folder,
        IEnumerable<KeyValuePair<string, string?>> flags,
        CancellationToken cancel
    )
    {
        await using var data = StoppedData.Open(EventTargets.OptionsOf(folder, flags));
        var parked = await data.Store.ListParkedAsync(cancel);
        var parking =
            parked.FirstOrDefault(parking => parking.User == user)
            ?? throw new CliException($"user {user} is not parked.");
        using var intake = new InteractionIntake(await data.OpenExistingLogAsync(cancel), TimeProvider.System);
        await intake.UnparkAsync(parking, cancel);
    }

    private static async Task<IReadOnlyList<ParkedUser>> ReadFromNodeAsync(Uri node, CancellationToken cancel)
    {
        await using var target = new HttpTarget(node, TimeProvider.System);
        return JsonSerializer
            .Deserialize(await target.GetAsync("v1/parked", cancel), NodeJson.Readable.ParkedUsers)!
            .Parked;
    }

    private static async Task<IReadOnlyList<ParkedUser>> ReadFromStoreAsync(
        string folder,
        IEnumerable<KeyValuePair<string, string?>> flags,
        CancellationToken cancel
    )
    {
        await using var data = StoppedData.Open(EventTargets.OptionsOf(folder, flags));
        if (await data.Store.ReadManifestAsync(cancel) is not { } manifest)
            return [];
        var parked = await data.Store.ListParkedAsync(cancel);
        return [.. parked.Select(parking => ParkedUser.Of(parking, manifest.Log.Partitions))];
    }

    private static void Print(IReadOnlyList<ParkedUser> parked)
    {
        if (parked.Count == 0)
        {
            Console.WriteLine("Nobody is parked.");
            return;
        }
        foreach (var user in parked)
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{user.User}: partition {user.Partition}, from version {new LogVersion(user.Version)} on, "
                        + $"since {user.Time:u}: {user.Reason}"
                )
            );
    }
}
