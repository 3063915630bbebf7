using Akka.Actor;
using CourseRec.Actors.Sessions;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// The users of a partition that have an actor, bounded: beyond the limit one that was not used lately (by the CLOCK
/// approximation of least recently used) comes to rest, and its actor becomes the next user's. Making and stopping
/// actors instead would cost more than folding a record.
/// </summary>
/// <param name="limit">The most that there are, unless none may rest.</param>
/// <param name="newActor">Makes an actor.</param>
internal sealed class ActiveUsers(int limit, Func<IActorRef> newActor)
{
    private readonly List<SessionCell> _active = [];
    private readonly Stack<IActorRef> _free = [];
    private int _hand;

    /// <summary>The user's actor; a user at rest gets one.</summary>
    public IActorRef Activate(SessionCell cell)
    {
        cell.WasUsed = true;
        if (cell.Actor is { } actor)
            return actor;
        if (_free.Count == 0 && _active.Count >= limit)
            RestOne();
        actor = _free.TryPop(out var free) ? free : newActor();
        actor.Tell(new Hydrate(cell.State));
        (cell.Active.Actor, cell.Active.Place) = (actor, _active.Count);
        _active.Add(cell);
        return actor;
    }

    /// <summary>Frees the actor of a user who comes to rest.</summary>
    public void Rest(SessionCell cell)
    {
        if (cell.Actor is not { } actor)
            return;
        _free.Push(actor);
        var (place, last) = (cell.Active.Place, _active[^1]);
        (_active[place], last.Active.Place) = (last, place);
        _active.RemoveAt(_active.Count - 1);
        cell.Active.Actor = null;
        cell.Rest();
    }

    private void RestOne()
    {
        for (var looks = 2 * _active.Count; looks > 0; looks--)
        {
            if (_hand >= _active.Count)
                _hand = 0;
            var cell = _active[_hand];
            if (cell is { CanRest: true, WasUsed: false })
            {
                Rest(cell);
                return;
            }
            cell.WasUsed = false;
            _hand++;
        }
    }
}
