using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>The queue of a partition's mailbox.</summary>
public sealed class PartitionMessageQueueTests : TestKit
{
    private const int Turn = PartitionMessageQueue.Turn;
    private readonly FakeTimeProvider _time = new();
    private readonly PartitionMessageQueue _queue;

    public PartitionMessageQueueTests()
        : base(TestConfig.Patient) => _queue = new(_time);

    [Fact]
    public void Questions_come_after_all_else_and_each_lane_is_in_order()
    {
        Enqueue(new GetSession("u1"), Drain.It, new EndWatch("u2", TestActor), new Wake(0));
        Assert.Equal((true, 4), (_queue.HasMessages, _queue.Count));
        Assert.Equal([Drain.It, new Wake(0), new GetSession("u1"), new EndWatch("u2", TestActor)], All());
        Assert.Equal((false, 0), (_queue.HasMessages, _queue.Count));
    }

    [Fact]
    public void However_much_there_is_to_do_a_question_has_its_turn()
    {
        Enqueue(new GetSession("u1"), new GetSession("u2"));
        Enqueue([.. Enumerable.Range(0, 2 * Turn).Select(partition => new Wake(partition))]);
        object[] all = [.. All()];
        Assert.Equal(new GetSession("u1"), all[Turn]);
        Assert.Equal(new GetSession("u2"), all[^1]);
        Assert.Equal(2 * Turn + 2, all.Length);
    }

    [Fact]
    public void A_read_whose_asker_has_given_up_is_dropped_and_a_watch_is_not()
    {
        var watch = new StartWatch("u2", new Watch(TestActor, 3), ListMark.None);
        Enqueue(new GetSession("u1"), watch);
        _time.Advance(Read.AnswerTime);
        Enqueue(new GetSession("u3"));
        Assert.Equal([watch, new GetSession("u3")], All());
    }

    [Fact]
    public async Task One_question_too_many_is_refused_and_who_goes_is_heard()
    {
        Enqueue([
            .. Enumerable.Range(0, PartitionMessageQueue.MostQuestions).Select(user => new GetSession($"u{user}")),
        ]);
        Enqueue(new GetSession("one more"));
        var refused = await ExpectMsgAsync<Refusal>();
        Assert.Equal(RefusalKind.Away, refused.Why);
        Assert.Equal("32768 questions wait for the partition; ask again later.", refused.Reason);
        Enqueue(new EndWatch("u1", TestActor), Drain.It);
        Assert.Equal(PartitionMessageQueue.MostQuestions + 2, All().Count());
    }

    [Fact]
    public async Task What_is_left_at_the_end_is_refused_if_somebody_waits_for_an_answer()
    {
        var deadLetters = new PartitionMessageQueue(_time);
        Enqueue(new GetSession("u1"), Drain.It, new EndWatch("u2", TestActor));
        _queue.CleanUp(TestActor, deadLetters);
        var refused = await ExpectMsgAsync<Refusal>();
        Assert.Equal((RefusalKind.NotYet, "the partition has ended here"), (refused.Why, refused.Reason));
        Assert.Equal((false, 2), (_queue.HasMessages, deadLetters.Count));
    }

    [Fact]
    public void A_partition_has_it()
    {
        var props = PartitionActor.Props(null!, 0, _ => { });
        var type = Sys.Mailboxes.GetMailboxType(props, Sys.Settings.Config.GetConfig(props.Mailbox));
        Assert.IsType<PartitionMessageQueue>(type.Create(TestActor, Sys));
    }

    private void Enqueue(params object[] messages)
    {
        foreach (var message in messages)
            _queue.Enqueue(TestActor, new Envelope(message, TestActor));
    }

    private IEnumerable<object> All()
    {
        while (_queue.TryDequeue(out var envelope))
            yield return envelope.Message;
    }
}
