using CourseRec.Actors.Partitions;
using CourseRec.Actors.Sessions;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>Batches are folded side by side, and committed one after another.</summary>
public sealed class BatchesInFlightTests
{
    private readonly BatchesInFlight _batches = new();
    private readonly SessionCell _a = new("a");
    private readonly SessionCell _b = new("b");

    [Fact]
    public void Batches_are_done_in_the_logs_order_though_a_later_one_is_folded_first()
    {
        var (first, second, third) = (Batch(0, _a, _b), Batch(2, _b), Batch(3, _a));
        Send(first, second, third);
        Fold(second, _b);
        Fold(first, _b);
        Assert.Empty(Done());
        Fold(first, _a);
        Assert.Equal([first, second], Done());
        Fold(third, _a);
        Assert.Equal([third], Done());
    }

    [Fact]
    public void Records_count_until_their_batch_is_done()
    {
        var (first, second) = (Batch(0, _a, _b), Batch(2, _b));
        Send(first);
        _batches.Add(second);
        Assert.Equal((false, 3), (_batches.IsEmpty, _batches.Records));
        Assert.Equal((1, 2), (_a.Active.Outstanding, _b.Active.Outstanding));
        Fold(first, _a, _b);
        Assert.Equal([first], Done());
        Assert.Equal((false, 1), (_batches.IsEmpty, _batches.Records));
        _batches.Send(_ => { });
        Fold(second, _b);
        Assert.Equal([second], Done());
        Assert.Equal((true, 0), (_batches.IsEmpty, _batches.Records));
    }

    [Fact]
    public void One_whose_records_are_all_put_aside_is_done_when_it_is_sent()
    {
        Send(new RecordBatch(V(4), 0, 5));
        Assert.Equal(V(4), Assert.Single(Done()).Last);
    }

    [Fact]
    public void One_that_may_mend_a_damaged_session_waits_until_those_before_it_are_committed()
    {
        _a.Active.IsDamaged = true;
        var (before, mending) = (Batch(0, _b), Batch(1, _a));
        mending.Add(_a, Record(2, RecordKind.Unparking));
        Send(before);
        _batches.Add(mending);
        Assert.Null(_batches.Next);
        Fold(before, _b);
        Assert.Null(_batches.Next);
        Assert.Equal([before], Done());
        Assert.Same(mending, _batches.Next);
    }

    private static RecordBatch Batch(long offset, params SessionCell[] users)
    {
        var batch = new RecordBatch(V(offset + users.Length - 1), 0, users.Length);
        foreach (var user in users)
            batch.Add(user, Record(offset++, RecordKind.Interaction));
        return batch;
    }

    private static UserRecord Record(long offset, RecordKind kind) =>
        new(V(offset), 0, $"e{offset}", kind, Event($"e{offset}", 0), default, null);

    private static void Fold(RecordBatch batch, params SessionCell[] users)
    {
        foreach (var user in users)
            batch.Applied.Add(new Applied(batch.Users.Single(part => part.Cell == user), user.State));
    }

    private void Send(params RecordBatch[] batches)
    {
        foreach (var batch in batches)
        {
            _batches.Add(batch);
            Assert.Same(batch, _batches.Next);
            var sent = new List<UserBatch>();
            _batches.Send(sent.Add);
            Assert.Equal(batch.Users, sent);
        }
    }

    private List<RecordBatch> Done()
    {
        var done = new List<RecordBatch>();
        while (_batches.TryTakeDone(out var batch))
            done.Add(batch);
        return done;
    }
}
