using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace CourseRec.Actors.Partitions;

/// <summary>The mailbox of a partition: <see cref="PartitionMessageQueue"/>.</summary>
internal sealed class PartitionMailbox(Settings settings, Config config)
    : MailboxType(settings, config),
        IProducesMessageQueue<PartitionMessageQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new PartitionMessageQueue(TimeProvider.System);
}

/// <summary>
/// A queue of two lanes, each in order: what keeps the partition going comes before questions, of which one has its
/// turn after so many. A read whose asker has given up is dropped. When too many questions wait, the next is refused;
/// so are those that are left at the end.
/// </summary>
internal sealed class PartitionMessageQueue(TimeProvider time) : IMessageQueue, IUnboundedMessageQueueSemantics
{
    /// <summary>So many questions may wait: all of 64 nodes, and a watch of each of as many users.</summary>
    public const int MostQuestions = 32_768;

    /// <summary>After so many messages of the first lane a question has its turn.</summary>
    public const int Turn = 16;

    private readonly ConcurrentQueue<Envelope> _work = new();
    private readonly ConcurrentQueue<(Envelope Envelope, long Since)> _questions = new();
    private int _worked;

    /// <inheritdoc/>
    public bool HasMessages => !_work.IsEmpty || !_questions.IsEmpty;

    /// <inheritdoc/>
    public int Count => _work.Count + _questions.Count;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        if (envelope.Message is not Question question)
            _work.Enqueue(envelope);
        else if (question is EndWatch || _questions.Count < MostQuestions)
            _questions.Enqueue((envelope, time.GetTimestamp()));
        else
            envelope.Sender.Tell(
                new Refusal(RefusalKind.Away, $"{MostQuestions} questions wait for the partition; ask again later."),
                receiver
            );
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope)
    {
        if ((_worked < Turn || _questions.IsEmpty) && _work.TryDequeue(out envelope))
        {
            _worked++;
            return true;
        }
        _worked = 0;
        return TryDequeueQuestion(out envelope) || _work.TryDequeue(out envelope);
    }

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope))
        {
            if (envelope.Message is Question and not EndWatch)
                envelope.Sender.Tell(new Refusal(RefusalKind.NotYet, "the partition has ended here"), owner);
            else
                deadletters.Enqueue(owner, envelope);
        }
    }

    private bool TryDequeueQuestion(out Envelope envelope)
    {
        while (_questions.TryDequeue(out var waiting))
        {
            if (waiting.Envelope.Message is Read && time.GetElapsedTime(waiting.Since) >= Read.AnswerTime)
                continue;
            envelope = waiting.Envelope;
            return true;
        }
        envelope = default;
        return false;
    }
}
