using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace CourseRec.Actors.Hosting;

/// <summary>
/// A mailbox for actors of which there are many and most rest: empty, it takes two references. (The first segment of
/// the default one's queue is about a kilobyte.)
/// </summary>
public sealed class LeanMailbox(Settings settings, Config config)
    : MailboxType(settings, config),
        IProducesMessageQueue<LeanMessageQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new LeanMessageQueue();
}

/// <summary>
/// An unbounded queue of many writers and one reader: writers push on a stack, which the reader takes whole and turns
/// round (Treiber 1986).
/// </summary>
public sealed class LeanMessageQueue : IMessageQueue, IUnboundedMessageQueueSemantics
{
    private Node? _pushed;
    private volatile Node? _turned;

    /// <inheritdoc/>
    public bool HasMessages => _turned is not null || Volatile.Read(ref _pushed) is not null;

    /// <inheritdoc/>
    public int Count => Length(_turned) + Length(Volatile.Read(ref _pushed));

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        var node = new Node(envelope);
        Node? last;
        do
        {
            // Compared with a local: the reader may change the node's successor as soon as it is pushed.
            last = Volatile.Read(ref _pushed);
            node.Next = last;
        } while (Interlocked.CompareExchange(ref _pushed, node, last) != last);
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        var first = _turned ?? Turned(Interlocked.Exchange(ref _pushed, null));
        envelope = first?.Envelope ?? default;
        _turned = first?.Next;
        return first is not null;
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope))
            deadletters.Enqueue(owner, envelope);
    }

    private static Node? Turned(Node? last)
    {
        Node? first = null;
        while (last is not null)
            (last.Next, first, last) = (first, last, last.Next);
        return first;
    }

    private static int Length(Node? node)
    {
        var length = 0;
        for (; node is not null; node = node.Next)
            length++;
        return length;
    }

    private sealed class Node(Envelope envelope)
    {
        public Envelope Envelope { get; } = envelope;

        public Node? Next { get; set; }
    }
}
