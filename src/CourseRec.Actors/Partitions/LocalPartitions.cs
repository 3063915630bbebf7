using System.Globalization;
using Akka.Actor;

namespace CourseRec.Actors.Partitions;

/// <summary>The shard region's twin without a cluster: all partitions run here, from the start.</summary>
/// <param name="partitions">How many there are.</param>
/// <param name="props">Makes a partition's actor.</param>
internal sealed class LocalPartitions(int partitions, Func<int, Props> props) : UntypedActor
{
    private readonly PartitionExtractor _extractor = new(partitions);
    private readonly List<IActorRef> _partitions = [];
    private int _running;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
        for (var number = 0; number < partitions; number++)
        {
            var name = number.ToString(CultureInfo.InvariantCulture);
            _partitions.Add(Context.Watch(Context.ActorOf(props(number), name)));
        }
        _running = partitions;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Drain:
                foreach (var partition in _partitions)
                    partition.Tell(message);
                break;
            case Terminated:
                if (--_running == 0)
                    Context.Stop(Self);
                break;
            default:
                if (_extractor.PartitionOf(message) is { } number)
                    _partitions[number].Forward(message);
                else
                    Unhandled(message);
                break;
        }
    }
}
