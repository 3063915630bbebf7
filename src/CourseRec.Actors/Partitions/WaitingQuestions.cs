using Akka.Actor;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// Questions that a partition can't hand to their users' actors yet: the user is not loaded, or what the asker knows of
/// is not folded. Bounded: a store that is away would let them pile up.
/// </summary>
internal sealed class WaitingQuestions(int partition, PartitionProgress progress, TimeProvider time)
{
    private const int Most = 256;
    private const int MostWatches = 16_384; // All who watch come at once when a partition starts; each asks once.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly List<Asked> _unloaded = [];
    private readonly List<(Asked Asked, LogVersion After, long Since)> _early = [];
    private long _unloadedSince;

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => _unloaded.Count == 0 && _early.Count == 0;

    /// <summary>Whether somebody has to be loaded.</summary>
    public bool HasUsersToLoad => _unloaded.Count > 0;

    /// <summary>Who has to be loaded.</summary>
    public IEnumerable<string> UsersToLoad => _unloaded.Select(asked => asked.Question.User);

    /// <summary>Waits until the user is loaded; one too many is refused.</summary>
    public void AddUnloaded(Asked asked)
    {
        var mayWait =
            asked.Question is StartWatch
                ? _unloaded.Count < MostWatches
                : _unloaded.Count(waiting => waiting.Question is Read) < Most;
        if (!mayWait)
        {
            RefuseOneMore(asked.Asker);
            return;
        }
        if (_unloaded.Count == 0)
            _unloadedSince = time.GetTimestamp();
        _unloaded.Add(asked);
    }

    /// <summary>Waits until what the asker knows of is folded; one too many is refused.</summary>
    public void AddEarly(Asked asked, LogVersion after)
    {
        if (_early.Count < Most)
            _early.Add((asked, after, time.GetTimestamp()));
        else
            RefuseOneMore(asked.Asker);
    }

    /// <summary>Users were loaded: whoever waits for that is asked again.</summary>
    public Asked[] TakeUnloaded()
    {
        Asked[] taken = [.. _unloaded];
        _unloaded.Clear();
        return taken;
    }

    /// <summary>Whoever waited for no more than is folded.</summary>
    public Asked[] TakeEarly(LogVersion folded)
    {
        if (_early.Count == 0)
            return [];
        Asked[] ready = [.. _early.Where(early => early.After <= folded).Select(early => early.Asked)];
        _early.RemoveAll(early => early.After <= folded);
        return ready;
    }

    /// <summary>Somebody watches no more.</summary>
    public void Remove(IActorRef watcher) =>
        _unloaded.RemoveAll(waiting => waiting.Question is StartWatch start && start.Watch.Watcher.Equals(watcher));

    /// <summary>Time has passed: who has waited for too long is refused.</summary>
    public void OnTick()
    {
        if (progress.WaitsFor is { } away && time.GetElapsedTime(_unloadedSince) >= Patience)
            Refuse(new Refusal(RefusalKind.Away, $"Partition {partition} waits: {away}"));
        foreach (var (asked, after, _) in _early.FindAll(early => IsLate(early.Since)))
            asked.Asker.Tell(new Refusal(RefusalKind.Behind, $"Version {after.Value} is not folded yet; try again."));
        _early.RemoveAll(early => IsLate(early.Since));
    }

    /// <summary>Refuses all of them.</summary>
    public void Refuse(Refusal refusal)
    {
        foreach (var asked in _unloaded.Concat(_early.Select(early => early.Asked)))
            asked.Asker.Tell(refusal);
        _unloaded.Clear();
        _early.Clear();
    }

    private bool IsLate(long since) => time.GetElapsedTime(since) >= Read.Patience;

    private void RefuseOneMore(IActorRef asker) =>
        asker.Tell(
            new Refusal(
                RefusalKind.Away,
                $"Partition {partition} has {_unloaded.Count + _early.Count} questions that wait for their users' "
                    + $"sessions; {progress.WaitsFor ?? "ask again later."}"
            )
        );
}
