using Akka.Actor;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;

namespace CourseRec.Actors.Push;

/// <summary>The connections of a process, for whoever is no actor.</summary>
internal sealed class PushConnections
{
    private readonly ActorSystem _actors;
    private readonly IActorRef _connections;
    private readonly TimeSpan _patience;

    public PushConnections(
        ActorSystem actors,
        IActorRef region,
        StartAnnouncer starts,
        int partitions,
        PartitionServices services
    )
    {
        _actors = actors;
        var (extractor, time) = (new PartitionExtractor(partitions), services.Time);
        _connections = actors.ActorOf(
            Props.Create(() => new ConnectionsActor(region, starts, extractor, time)),
            "connections"
        );
        _patience = services.Options.WaitForOwner;
    }

    /// <summary>Nobody is sent anything any more.</summary>
    public void Stop() => _actors.Stop(_connections);

    /// <summary>A client has connected.</summary>
    public async Task<PushConnection> OpenAsync(string user, IPushChannel channel) =>
        new(await _connections.Ask<IActorRef>(new OpenConnection(user, channel), _patience), _patience);
}

/// <summary>A client's connection. Disposing of it ends what it watches.</summary>
public sealed class PushConnection : IDisposable
{
    private readonly IActorRef _actor;
    private readonly TimeSpan _patience;

    internal PushConnection(IActorRef actor, TimeSpan patience) => (_actor, _patience) = (actor, patience);

    /// <summary>
    /// Sends the user's list now, and again whenever it may have changed. While the user is parked it is that of
    /// somebody unknown.
    /// </summary>
    /// <param name="count">Courses in a list.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="NotOwnedException">Nobody serves the user's partition.</exception>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    public async Task SubscribeAsync(int count, CancellationToken cancel)
    {
        try
        {
            var answer = await _actor.Ask<object>(new Subscribe(count), _patience, cancel);
            if (answer is Refusal refusal)
                throw PartitionQuestions.Exception(refusal);
        }
        catch (AskTimeoutException)
        {
            Unsubscribe();
            throw new NotOwnedException("nobody serves the user's partition now; try again");
        }
    }

    /// <summary>Sends no more lists.</summary>
    public void Unsubscribe() => _actor.Tell(Push.Unsubscribe.It);

    /// <inheritdoc/>
    public void Dispose() => _actor.Tell(PoisonPill.Instance);
}
