using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Tests.Hosting;

/// <summary>The queue of the users' mailboxes: many writers, one reader.</summary>
public sealed class LeanMessageQueueTests() : TestKit(TestConfig.Patient)
{
    private readonly LeanMessageQueue _queue = new();

    [Fact]
    public void Messages_come_out_in_the_order_they_went_in_also_when_some_are_read_between()
    {
        Enqueue(1, 2, 3);
        Assert.Equal([1], Dequeue(1));
        Enqueue(4, 5);
        Assert.Equal((true, 4), (_queue.HasMessages, _queue.Count));
        Assert.Equal([2, 3, 4], Dequeue(3));
        Enqueue(6);
        Assert.Equal([5, 6], Dequeue(2));
        Assert.Equal((false, 0), (_queue.HasMessages, _queue.Count));
        Assert.False(_queue.TryDequeue(out _));
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_between_several_writers_and_a_reader_and_each_writers_order_is_kept()
    {
        const int writers = 2;
        const int messages = 200_000;
        var writing = Task.WhenAll(
            Enumerable.Range(0, writers).Select(writer => Task.Run(() => Write(writer, messages)))
        );
        var read = await Task.Run(() => Read(writing, writers * messages)).Briefly();
        foreach (var writer in Enumerable.Range(0, writers))
            Assert.Equal(
                Enumerable.Range(0, messages),
                read.Where(message => message.Writer == writer).Select(message => message.Number)
            );
        Assert.False(_queue.HasMessages);
    }

    [Fact]
    public void What_is_left_goes_to_the_dead_letters_in_order()
    {
        var deadLetters = new LeanMessageQueue();
        Enqueue(1, 2);
        Assert.Equal([1], Dequeue(1));
        Enqueue(3);
        _queue.CleanUp(TestActor, deadLetters);
        Assert.False(_queue.HasMessages);
        Assert.Equal([2, 3], Dequeue(2, deadLetters));
    }

    [Fact]
    public async Task An_actor_with_this_mailbox_answers()
    {
        var echo = Sys.ActorOf(Props.Create<Echo>().WithMailbox(ActorsConfig.LeanMailbox));
        foreach (var number in Enumerable.Range(0, 1_000))
            echo.Tell(number, TestActor);
        foreach (var number in Enumerable.Range(0, 1_000))
            await ExpectMsgAsync(number);
        var cell = Assert.IsType<ActorCell>(((ActorRefWithCell)echo).Underlying);
        Assert.IsType<LeanMessageQueue>(cell.Mailbox!.MessageQueue);
    }

    private void Enqueue(params int[] numbers)
    {
        foreach (var number in numbers)
            _queue.Enqueue(TestActor, new Envelope(number, TestActor));
    }

    private int[] Dequeue(int count, LeanMessageQueue? from = null) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => (from ?? _queue).TryDequeue(out var envelope) ? (int)envelope.Message : -1),
        ];

    /// <summary>A few at a time: it is when the queue is short that writers and reader meet.</summary>
    private void Write(int writer, int messages)
    {
        for (var number = 0; number < messages; number++)
        {
            while (number % 4 == 0 && _queue.HasMessages)
                Thread.Yield();
            _queue.Enqueue(TestActor, new Envelope(new Numbered(writer, number), TestActor));
        }
    }

    private List<Numbered> Read(Task writing, int expected)
    {
        var read = new List<Numbered>(expected);
        while (read.Count <= expected && (!writing.IsCompleted || _queue.HasMessages))
        {
            if (_queue.TryDequeue(out var envelope))
                read.Add((Numbered)envelope.Message);
            else
                Thread.Yield();
        }
        return read;
    }

    private sealed record Numbered(int Writer, int Number);

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}
