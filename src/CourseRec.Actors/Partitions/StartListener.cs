using Akka.Actor;

namespace CourseRec.Actors.Partitions;

/// <summary>Hears on behalf of whoever is no actor of partitions that start anywhere.</summary>
internal sealed class StartListener(StartAnnouncer starts, Action<int> onStarted) : UntypedActor
{
    protected override void PreStart() => starts.Subscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is PartitionStarted started)
            onStarted(started.Partition);
    }
}
