using Akka.Actor;
using CourseRec.Actors.Partitions;

namespace CourseRec.Actors.Push;

/// <summary>The connections of a process: makes their actors, and tells them when their partition starts anew.</summary>
internal sealed class ConnectionsActor(
    IActorRef region,
    StartAnnouncer starts,
    PartitionExtractor partitions,
    TimeProvider time
) : UntypedActor
{
    private readonly Dictionary<int, HashSet<IActorRef>> _byPartition = [];
    private readonly Dictionary<IActorRef, int> _partitions = [];

    protected override void PreStart() => starts.Subscribe(Self);

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OpenConnection open:
                OnOpen(open);
                break;
            case PartitionStarted started:
                foreach (var connection in _byPartition.GetValueOrDefault(started.Partition) ?? [])
                    connection.Tell(started);
                break;
            case Terminated ended:
                if (_partitions.Remove(ended.ActorRef, out var partition))
                    _byPartition[partition].Remove(ended.ActorRef);
                break;
        }
    }

    private void OnOpen(OpenConnection open)
    {
        var partition = partitions.PartitionOf(new GetSession(open.User))!.Value;
        var connection = Context.Watch(Context.ActorOf(ConnectionActor.Props(open.User, open.Channel, region, time)));
        _partitions.Add(connection, partition);
        if (!_byPartition.TryGetValue(partition, out var connections))
            _byPartition.Add(partition, connections = []);
        connections.Add(connection);
        Sender.Tell(connection);
    }
}
