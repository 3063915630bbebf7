using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// What is looked at before a process takes part in the sessions: that log and store belong together.
/// </summary>
internal sealed class StartChecks(PartitionServices services)
{
    /// <summary>
    /// Answers what the store is pinned to, and pins a new one. What operators should know of settings is logged.
    /// </summary>
    /// <exception cref="StoreMismatchException">The store belongs to another log, partition count or rule
    /// set.</exception>
    /// <exception cref="StoreUnavailableException">The store is away, or new, and not this process's to
    /// prepare.</exception>
    public async Task<StoreManifest> RunAsync(CancellationToken cancel)
    {
        var manifest = await PinnedManifestAsync(cancel);
        foreach (var finding in await CheckLogAsync(cancel))
            ActorsLog.Setting(services.Logger, finding);
        foreach (var finding in await services.Store.CheckSettingsAsync(cancel))
            ActorsLog.Setting(services.Logger, finding);
        return manifest;
    }

    private async Task<StoreManifest> PinnedManifestAsync(CancellationToken cancel)
    {
        var log = services.Log.Identity;
        var rules = services.Options.Rules.ToJson();
        var pinned = await services.Store.ReadManifestAsync(cancel);
        if (pinned is null)
        {
            if (services.Options.Placement is Placement.Elsewhere or Placement.Listening or Placement.Learning)
                throw new StoreUnavailableException(
                    "The session store is new: the first node with the role session prepares it."
                );
            pinned = new StoreManifest(1, log, rules, SessionFormats.Newest);
            if (!await services.Store.PinAsync(null, pinned, cancel))
                return await PinnedManifestAsync(cancel);
            ActorsLog.StorePinned(services.Logger, log.Id, log.Partitions, pinned.Generation);
        }
        if (pinned.Log != log)
            throw new StoreMismatchException(
                $"The session store was made from log {pinned.Log.Id} with {pinned.Log.Partitions} partitions, this "
                    + $"is log {log.Id} "
                    + $"with {log.Partitions}. Put the right log back, or open a new generation (courserec "
                    + "generation open)."
            );
        if (pinned.Rules != rules)
            throw new StoreMismatchException(
                $"The session store was folded with the rules {pinned.Rules}, this node has {rules}. Configure the "
                    + "same rules, "
                    + "or start with a new store (another data directory or keyspace)."
            );
        SessionFormats.Check(pinned);
        return pinned;
    }

    private async ValueTask<IReadOnlyList<string>> CheckLogAsync(CancellationToken cancel)
    {
        try
        {
            return await services.Log.CheckSettingsAsync(cancel);
        }
        catch (LogUnavailableException e)
        {
            return [$"The log's settings can't be checked: {e.Message}"];
        }
    }
}
