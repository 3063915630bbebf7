using Akka.Actor;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Actors.Sessions;

/// <summary>
/// An active user: folds the user's records, answers questions, makes the lists of those who watch. A child of the
/// user's partition, which keeps what it answers: the actor is a cache, and becomes another user's when this one rests.
/// </summary>
internal sealed class UserActor(UserServices services) : UntypedActor
{
    private List<Watcher>? _watching; // null while nobody ever did: most users have an actor for a moment only
    private UserState? _user;
    private Cause? _cause;

    /// <summary>All users' actors of a partition are made alike.</summary>
    public static Props Props(UserServices services) =>
        Akka.Actor.Props.Create(() => new UserActor(services)).WithMailbox(ActorsConfig.LeanMailbox);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Hydrate hydrate:
                OnHydrate(hydrate.State);
                break;
            case Apply apply:
                OnApply(apply);
                break;
            case Asked asked:
                asked.Asker.Tell(AnswerTo(asked.Question));
                break;
            case EndWatch end:
                _watching?.RemoveAll(watcher => watcher.IsOf(end.Watcher));
                break;
            case MakeLists make:
                MakeLists(make.Owed);
                _cause = null;
                break;
            case Refresh:
                OnRefresh();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>It may be the same user, whose stored session was read once more: who watches stays.</summary>
    private void OnHydrate(UserState user)
    {
        if (_user?.User != user.User)
        {
            _cause = null;
            _watching = null;
        }
        _user = user;
    }

    private void OnApply(Apply apply)
    {
        var fold = services.Rent();
        var applied = fold.Fold(_user!, apply.Batch);
        _user = applied.State;
        _cause = _user.Parking is null ? Later(_cause, fold.Changed) : null;
        services.Return(fold);
        var due = _cause is null ? Lists.None : Wanted;
        var now = services.MayServe && apply.MayShow ? due : Lists.None;
        applied.Owed = due & ~now;
        Sender.Tell(applied);
        MakeLists(now);
        if (now == due)
            _cause = null;
    }

    private Lists Wanted =>
        (_watching is [_, ..] ? Lists.Watched : Lists.None)
        | (services.Shared.Output is null ? Lists.None : Lists.Output);

    private static Cause? Later(Cause? before, Cause? now) =>
        now is null ? before
        : now.Trace == default && before is not null ? now with { Trace = before.Trace }
        : now;

    private void MakeLists(Lists lists)
    {
        if (lists == Lists.None)
            return;
        using var span = EventTraces.StartLists(_cause?.Trace ?? default);
        if (lists.HasFlag(Lists.Watched))
        {
            foreach (var watcher in _watching ?? [])
                Send(watcher, ListFor(_user!, watcher.Count), _cause);
        }
        if (lists.HasFlag(Lists.Output) && services.Shared.Output is { } output)
            output.Post(ListFor(_user!, output.Count));
    }

    private Watching OnStartWatch(StartWatch start)
    {
        if (_watching?.Find(known => known.IsOf(start.Watch.Watcher)) is { } known && known.Count == start.Watch.Count)
        {
            if (known.Mark != start.Seen)
                known.SendAgain();
            return Watching.It;
        }
        _watching ??= [];
        _watching.RemoveAll(watcher => watcher.IsOf(start.Watch.Watcher));
        var watcher = new Watcher(start.Watch);
        _watching.Add(watcher);
        var list = ListFor(_user!, watcher.Count);
        if ((start.Seen.Version, start.Seen.Model) == (_user!.Version, list.ModelVersion))
            watcher.HasSeen(list, start.Seen);
        else
            Send(watcher, list, null);
        return Watching.It;
    }

    private void OnRefresh()
    {
        foreach (var watcher in _watching ?? [])
        {
            var list = ListFor(_user!, watcher.Count);
            if (!watcher.Shows(list))
                Send(watcher, list, null);
        }
        Sender.Tell(Refreshed.It);
    }

    private void Send(Watcher watcher, RecommendationList list, Cause? cause) =>
        watcher.Send(new NewList(list, watcher.Next(_user!.Version, list), cause?.AcceptedAt, EventTraces.CauseId));

    private RecommendationList ListFor(UserState user, int count) => WithFold(fold => fold.Recommend(user, count));

    private T WithFold<T>(Func<UserFold, T> read)
    {
        var fold = services.Rent();
        try
        {
            return read(fold);
        }
        finally
        {
            services.Return(fold);
        }
    }

    private object AnswerTo(Question question)
    {
        if (!services.MayServe)
            return new Refusal(
                RefusalKind.NotYet,
                $"partition {services.Partition} can't be served now: its ownership is unproven"
            );
        try
        {
            return question switch
            {
                GetSession => WithFold(fold => fold.View(Unparked())),
                Recommend recommend => ListFor(Unparked(), recommend.Count),
                StartWatch start => OnStartWatch(start),
                _ => throw new InvalidOperationException($"{question.GetType().Name} is no question of a user's."),
            };
        }
        catch (UserParkedException e)
        {
            return new Refusal(RefusalKind.Parked, e.Message);
        }
        catch (Exception e)
        {
            ActorsLog.QuestionFailed(services.Shared.Logger, services.Partition, e);
            return new Refusal(RefusalKind.Failed, $"An error of ours: {e.Message}");
        }
    }

    private UserState Unparked() =>
        _user!.Parking is not { } parking
            ? _user
            : throw new UserParkedException(
                $"User {parking.User} is parked from version {parking.Version} on: {parking.Reason}. What the user "
                    + "does is put aside, not lost. "
                    + "When the cause is mended: courserec session unpark USER, then courserec dead-letters replay."
            );

    /// <summary>Somebody who watches the user, and the list last sent.</summary>
    private sealed class Watcher(Watch watch)
    {
        private NewList? _last;

        public int Count => watch.Count;

        public ListMark Mark => _last?.Mark ?? ListMark.None;

        public bool IsOf(IActorRef watcher) => watch.Watcher.Equals(watcher);

        public ListMark Next(LogVersion version, RecommendationList list) =>
            new(version, list.ModelVersion, Mark.Number + 1);

        public void Send(NewList list)
        {
            _last = list;
            watch.Watcher.Tell(list, ActorRefs.NoSender);
        }

        public void SendAgain()
        {
            if (_last is { } last)
                Send(last);
        }

        public void HasSeen(RecommendationList list, ListMark mark) => _last = new(list, mark, null, null);

        public bool Shows(RecommendationList list) => _last is { } last && Shown(last.List).SequenceEqual(Shown(list));

        private static IEnumerable<(string Course, string? Title)> Shown(RecommendationList list) =>
            list.Items.Select(item => (item.Course, item.Title));
    }
}
