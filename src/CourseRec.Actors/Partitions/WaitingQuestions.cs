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
    private readonly List<(Question Question, IActorRef Asker)> _unloaded = [];
    private readonly List<(Read Question, IActorRef Asker, long Since)> _early = [];
    private long _unloadedSince;

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => _unloaded.Count == 0 && _early.Count == 0;

    /// <summary>Whether somebody has to be loaded.</summary>
    public bool HasUsersToLoad => _unloaded.Count > 0;

    /// <summary>Who has to be loaded.</summary>
    public IEnumerable<string> UsersToLoad => _unloaded.Select(waiting => waiting.Question.User);

    /// <summary>Waits until the user is loaded; one too many is refused.</summary>
    public void AddUnloaded(Question question, IActorRef asker)
    {
        var mayWait =
            question is StartWatch
                ? _unloaded.Count < MostWatches
                : _unloaded.Count(waiting => waiting.Question is Read) < Most;
        if (!mayWait)
        {
            RefuseOneMore(asker);
            return;
        }
        if (_unloaded.Count == 0)
            _unloadedSince = time.GetTimestamp();
        _unloaded.Add((question, asker));
    }

    /// <summary>Waits until what the asker knows of is folded; one too many is refused.</summary>
    public void AddEarly(Read question, IActorRef asker)
    {
        if (_early.Count < Most)
            _early.Add((question, asker, time.GetTimestamp()));
        else
            RefuseOneMore(asker);
    }

    /// <summary>Users were loaded: whoever waits for that is asked again.</summary>
    public (Question Question, IActorRef Asker)[] TakeUnloaded()
    {
        (Question, IActorRef)[] taken = [.. _unloaded];
        _unloaded.Clear();
        return taken;
    }

    /// <summary>Whoever waited for no more than is folded.</summary>
    public IReadOnlyList<(Read Question, IActorRef Asker, long Since)> TakeEarly(LogVersion folded)
    {
        if (_early.Count == 0)
            return [];
        var ready = _early.FindAll(early => early.Question.After <= folded);
        _early.RemoveAll(early => early.Question.After <= folded);
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
        foreach (var (question, asker, _) in _early.FindAll(early => IsLate(early.Since)))
            asker.Tell(
                new Refusal(RefusalKind.Behind, $"Version {question.After.Value} is not folded yet; try again.")
            );
        _early.RemoveAll(early => IsLate(early.Since));
    }

    /// <summary>Refuses all of them.</summary>
    public void Refuse(Refusal refusal)
    {
        foreach (var (_, asker) in _unloaded)
            asker.Tell(refusal);
        foreach (var (_, asker, _) in _early)
            asker.Tell(refusal);
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
