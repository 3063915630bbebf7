using System.Diagnostics;
using Akka.Actor;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using CourseRec.Actors.Telemetry;

namespace CourseRec.Actors.Push;

/// <summary>
/// A client's connection, on whatever node it landed: watches its user through the region, renews that, and sends what
/// is new. The newest list wins, one is sent at a time, and versions never go back; whatever a slow client misses is
/// forgotten, so that it costs one list at most.
/// </summary>
internal sealed class ConnectionActor(string user, IPushChannel channel, IActorRef region, TimeProvider time)
    : UntypedActor,
        IWithTimers
{
    /// <summary>A watch is renewed so often; what was lost on the way comes then at the latest.</summary>
    public static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int MostSpread = 300;
    private readonly TimeSpan _spread = TimeSpan.FromMilliseconds(StableHash.Of(user) % MostSpread);
    private int? _count;
    private ListMark _last = ListMark.None;
    private bool _isWatching;
    private NewList? _newest;
    private bool _isSending;
    private IActorRef? _subscriber;

    public static Props Props(string user, IPushChannel channel, IActorRef region, TimeProvider time) =>
        Akka
            .Actor.Props.Create(() => new ConnectionActor(user, channel, region, time))
            .WithMailbox(ActorsConfig.LeanMailbox);

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case NewList list:
                OnNewList(list);
                break;
            case Sent:
                _isSending = false;
                SendNewest();
                break;
            case Subscribe subscribe:
                OnSubscribe(subscribe);
                break;
            case Unsubscribe:
                End();
                break;
            case Watching when _count is not null:
                _isWatching = true;
                Answer(message);
                RenewIn(RenewInterval);
                break;
            case Refusal refusal when _count is not null:
                OnRefusal(refusal);
                break;
            case PartitionStarted when _count is not null:
                RenewIn(_spread);
                break;
            case RenewNow:
                Renew();
                break;
        }
    }

    protected override void PostStop()
    {
        Answer(new Refusal(RefusalKind.NotYet, "this node ends; connect to another one"));
        End();
    }

    /// <summary>Who subscribes anew is to see the list once more, and no older one.</summary>
    private void OnSubscribe(Subscribe subscribe)
    {
        (_count, _subscriber, _isWatching) = (subscribe.Count, Sender, false);
        _last = ListMark.None with { Version = _last.Version };
        Renew();
    }

    private void OnNewList(NewList list)
    {
        if (_count is null || list.Mark == _last || list.Mark.Version < _last.Version)
            return;
        _last = list.Mark;
        // When a list takes the place of one that was not sent, the older event has waited longer.
        _newest =
            _newest is { AcceptedAt: { } waiting } before && !(list.AcceptedAt < waiting)
                ? list with
                {
                    AcceptedAt = waiting,
                    Trace = list.Trace ?? before.Trace,
                }
                : list;
        SendNewest();
    }

    private void SendNewest()
    {
        if (_isSending || _newest is not { } newest)
            return;
        (_isSending, _newest) = (true, null);
        SendAsync(newest).PipeTo(Self, success: () => Sent.It);
    }

    private async Task SendAsync(NewList newest)
    {
        using var span = EventTraces.StartPush(newest.Trace);
        try
        {
            await channel.SendAsync(newest.List);
            channel.Pushed(
                newest.AcceptedAt is { } at
                    ? (time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at)).TotalMilliseconds
                    : null
            );
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            channel.Failed(newest.List, e);
        }
    }

    private void OnRefusal(Refusal refusal)
    {
        if (_subscriber is null || refusal.Why == RefusalKind.NotYet)
        {
            RenewIn(_subscriber is null ? AnswerTime : Pause);
            return;
        }
        Answer(refusal);
        End();
    }

    private void Answer(object answer)
    {
        _subscriber?.Tell(answer);
        _subscriber = null;
    }

    /// <summary>Whoever has the partition is told what was seen last; a new subscription is to see its list.</summary>
    private void Renew()
    {
        region.Tell(new StartWatch(user, new Watch(Self, _count!.Value), _isWatching ? _last : ListMark.None));
        RenewIn(AnswerTime);
    }

    private void RenewIn(TimeSpan delay) => Timers.StartSingleTimer(nameof(RenewNow), RenewNow.It, delay);

    private void End()
    {
        if (_count is null)
            return;
        (_count, _newest, _subscriber) = (null, null, null);
        Timers.CancelAll();
        region.Tell(new EndWatch(user, Self));
    }

    private sealed record Sent
    {
        public static Sent It { get; } = new();
    }

    private sealed record RenewNow
    {
        public static RenewNow It { get; } = new();
    }
}
