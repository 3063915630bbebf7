using Akka.Actor;
using Akka.Cluster;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Recommendations;

namespace CourseRec.Actors.Tests.Serialization;

/// <summary>Answers anything; the offset of an answer is the number of its node.</summary>
internal sealed class AnsweringPartition : UntypedActor
{
    private readonly long _node = Cluster.Get(Context.System).SelfUniqueAddress.Uid;

    private RecommendationList List => new("u", _node, "m", DateTimeOffset.UnixEpoch, []);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GetSession question:
                Sender.Tell(new SessionView(question.User, 0, _node, 0, 0, []));
                break;
            case Recommend:
                Sender.Tell(List);
                break;
            case StartWatch start:
                Sender.Tell(Watching.It);
                start.Watch.Watcher.Tell(new NewList(List, start.Seen, null, null));
                break;
            case EndWatch end:
                end.Watcher.Tell(new Refusal(RefusalKind.NotYet, "ended"));
                break;
            case Drain:
                Context.Stop(Self);
                break;
        }
    }
}
