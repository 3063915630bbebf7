using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;

namespace CourseRec.Actors.Partitions;

/// <summary>Tells every node which partitions have started, so that those who watch their users renew that.</summary>
/// <param name="actors">The process's actors.</param>
/// <param name="placement">Without a cluster there is nobody else to tell.</param>
internal sealed class StartAnnouncer(ActorSystem actors, Placement placement)
{
    private const string Topic = "partitions";
    private readonly bool _isAlone = placement is Placement.Local or Placement.Listening;
    private readonly bool _isQuiet = placement == Placement.Learning;

    /// <summary>A partition has started here.</summary>
    public void Announce(PartitionStarted started)
    {
        if (_isQuiet)
            return; // Whoever watches is served elsewhere.
        if (_isAlone)
            actors.EventStream.Publish(started);
        else
            DistributedPubSub.Get(actors).Mediator.Tell(new Publish(Topic, started));
    }

    /// <summary>An actor is told from now on of those that start anywhere.</summary>
    public void Subscribe(IActorRef subscriber)
    {
        if (_isAlone)
            actors.EventStream.Subscribe(subscriber, typeof(PartitionStarted));
        else
            DistributedPubSub.Get(actors).Mediator.Tell(new Subscribe(Topic, subscriber));
    }
}
