using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Push;
using CourseRec.Actors.Recommendations;
using CourseRec.Actors.Tests.Hosting;
using CourseRec.Actors.Tests.Partitions;
using Microsoft.Extensions.Time.Testing;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Push;

/// <summary>A client's connection by itself: the region and the client are the test's, and so is the time.</summary>
public sealed class ConnectionActorTests : TestKit
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    private readonly FakeTimeProvider _clock = new(Pipeline.Start);
    private readonly TestChannel _client = new();
    private readonly TestProbe _region;
    private readonly TestProbe _subscriber;
    private readonly IActorRef _connection;

    public ConnectionActorTests()
        : base(TestConfig.Timeless)
    {
        (_region, _subscriber) = (CreateTestProbe(), CreateTestProbe());
        _connection = Sys.ActorOf(ConnectionActor.Props("u1", _client, _region, _clock));
    }

    [Fact]
    public async Task It_watches_its_user_through_the_region_and_answers_when_the_watch_has_begun()
    {
        Subscribe(count: 5);
        var start = await _region.ExpectMsgAsync<StartWatch>();
        Assert.Equal(new StartWatch("u1", new Watch(_connection, 5), ListMark.None), start);
        await SettledAsync();
        Assert.False(_subscriber.HasMessages);
        _region.Send(_connection, Watching.It);
        await _subscriber.ExpectMsgAsync<Watching>();
    }

    [Fact]
    public async Task A_watch_that_nobody_can_begin_yet_is_asked_for_again_and_the_subscriber_waits()
    {
        Subscribe();
        for (var time = 0; time < 3; time++)
        {
            await _region.ExpectMsgAsync<StartWatch>();
            await RefuseAsync(RefusalKind.NotYet);
            Assert.False(_region.HasMessages || _subscriber.HasMessages);
            Time.Advance(TimeSpan.FromMilliseconds(100));
        }
        await _region.ExpectMsgAsync<StartWatch>();
        _region.Send(_connection, Watching.It);
        await _subscriber.ExpectMsgAsync<Watching>();
    }

    [Theory]
    [InlineData(RefusalKind.Stopped)]
    [InlineData(RefusalKind.Away)]
    internal async Task A_refusal_that_does_not_pass_goes_to_the_subscriber_and_ends_the_watch(RefusalKind kind)
    {
        Subscribe();
        await _region.ExpectMsgAsync<StartWatch>();
        await RefuseAsync(kind);
        Assert.Equal(new Refusal(kind, "that is why"), await _subscriber.ExpectMsgAsync<Refusal>());
        Assert.Equal(new EndWatch("u1", _connection), await _region.ExpectMsgAsync<EndWatch>());
        Time.Advance(TimeSpan.FromHours(1));
        await SettledAsync();
        Assert.False(_region.HasMessages);
    }

    [Fact]
    public async Task A_watch_is_renewed_every_ten_seconds_and_names_the_list_last_taken()
    {
        await BeginAsync();
        await PostAsync(List(7, number: 3));
        for (var time = 0; time < 2; time++)
        {
            Time.Advance(ConnectionActor.RenewInterval - Moment);
            await SettledAsync();
            Assert.False(_region.HasMessages);
            Time.Advance(Moment);
            Assert.Equal(Mark(7, 3), (await _region.ExpectMsgAsync<StartWatch>()).Seen);
            _region.Send(_connection, Watching.It);
            await SettledAsync();
        }
    }

    [Fact]
    public async Task A_watch_whose_answer_is_lost_is_asked_for_again_after_two_seconds()
    {
        Subscribe();
        await _region.ExpectMsgAsync<StartWatch>();
        await SettledAsync();
        Time.Advance(AnswerTime - Moment);
        await SettledAsync();
        Assert.False(_region.HasMessages);
        Time.Advance(Moment);
        await _region.ExpectMsgAsync<StartWatch>();
    }

    [Theory]
    [InlineData(RefusalKind.NotYet)]
    [InlineData(RefusalKind.Stopped)]
    [InlineData(RefusalKind.Away)]
    internal async Task A_renewal_that_is_refused_is_tried_again_after_two_seconds_whatever_the_reason(RefusalKind kind)
    {
        await BeginAsync();
        Time.Advance(ConnectionActor.RenewInterval);
        await _region.ExpectMsgAsync<StartWatch>();
        await RefuseAsync(kind);
        Time.Advance(AnswerTime);
        await _region.ExpectMsgAsync<StartWatch>();
        Assert.False(_subscriber.HasMessages);
    }

    [Fact]
    public async Task When_the_partition_has_started_anew_the_watch_is_renewed_within_a_third_of_a_second()
    {
        await BeginAsync();
        await PostAsync(List(7));
        _connection.Tell(new PartitionStarted(0));
        await SettledAsync();
        Time.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(Mark(7), (await _region.ExpectMsgAsync<StartWatch>()).Seen);
    }

    [Fact]
    public async Task Lists_of_older_versions_and_lists_that_were_taken_already_are_dropped()
    {
        await BeginAsync();
        await PostAsync(List(7));
        await PostAsync(List(6, number: 2));
        await PostAsync(List(7));
        await PostAsync(List(7, number: 2));
        await PostAsync(List(8));
        await SentAsync(7, 7, 8);
    }

    [Fact]
    public async Task While_a_list_is_being_sent_the_newest_wins_and_the_oldest_event_is_what_counts()
    {
        await BeginAsync();
        var sending = _client.Hold();
        await PostAsync(List(1) with { AcceptedAt = Start - 500 });
        await PostAsync(List(2) with { AcceptedAt = Start - 400, Trace = "older" });
        await PostAsync(List(3) with { AcceptedAt = Start - 300 });
        await PostAsync(List(4));
        await SentAsync(1);
        sending.SetResult();
        await SentAsync(1, 4);
        await Eventually.HoldsAsync(() => _client.Latencies is [500, 400], () => string.Join(' ', _client.Latencies));
    }

    [Fact]
    public async Task A_list_that_no_event_caused_has_no_latency()
    {
        await BeginAsync();
        await PostAsync(List(1));
        await Eventually.HoldsAsync(() => _client.Latencies is [null], () => _client.Latencies.Count);
    }

    [Fact]
    public async Task A_client_that_a_list_can_not_be_sent_to_is_told_and_gets_the_next_one()
    {
        await BeginAsync();
        var sending = _client.Hold();
        await PostAsync(List(1));
        var reason = new InvalidOperationException("full");
        sending.SetException(reason);
        await Eventually.HoldsAsync(() => _client.Failures.Count == 1, () => _client.Failures.Count);
        Assert.Equal((1, reason), (_client.Failures[0].List.Offset, _client.Failures[0].Reason));
        _client.Sending = Task.CompletedTask;
        await PostAsync(List(2));
        await SentAsync(1, 2);
    }

    [Fact]
    public async Task Who_unsubscribes_ends_the_watch_and_gets_no_list_any_more()
    {
        await BeginAsync();
        _connection.Tell(Unsubscribe.It);
        Assert.Equal(new EndWatch("u1", _connection), await _region.ExpectMsgAsync<EndWatch>());
        await PostAsync(List(1));
        Time.Advance(TimeSpan.FromHours(1));
        await SettledAsync();
        Assert.False(_region.HasMessages);
        Assert.Empty(_client.Lists);
    }

    [Fact]
    public async Task A_connection_that_ends_ends_its_watch()
    {
        await BeginAsync();
        _connection.Tell(PoisonPill.Instance);
        Assert.Equal(new EndWatch("u1", _connection), await _region.ExpectMsgAsync<EndWatch>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_subscribes_anew_is_sent_the_list_once_more(bool unsubscribes)
    {
        await BeginAsync();
        await PostAsync(List(7));
        if (unsubscribes)
        {
            _connection.Tell(Unsubscribe.It);
            await _region.ExpectMsgAsync<EndWatch>();
        }
        Subscribe();
        Assert.Equal(ListMark.None, (await _region.ExpectMsgAsync<StartWatch>()).Seen);
        await PostAsync(List(6));
        await PostAsync(List(7));
        await SentAsync(7, 7);
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    private static ListMark Mark(long offset, long number = 1) => new(V(offset), "model", number);

    [Fact]
    public async Task Who_waits_for_a_subscription_when_the_node_ends_is_told()
    {
        Subscribe();
        await _region.ExpectMsgAsync<StartWatch>();
        Sys.Stop(_connection);
        Assert.Equal(RefusalKind.NotYet, (await _subscriber.ExpectMsgAsync<Refusal>()).Why);
    }

    private static NewList List(long offset, long number = 1) =>
        new(new RecommendationList("u1", offset, "model", Pipeline.Start, []), Mark(offset, number), null, null);

    private void Subscribe(int count = 3) => _connection.Tell(new Subscribe(count), _subscriber);

    private async Task BeginAsync()
    {
        Subscribe();
        await _region.ExpectMsgAsync<StartWatch>();
        _region.Send(_connection, Watching.It);
        await _subscriber.ExpectMsgAsync<Watching>();
        await SettledAsync();
    }

    private Task RefuseAsync(RefusalKind kind)
    {
        _region.Send(_connection, new Refusal(kind, "that is why"));
        return SettledAsync();
    }

    private Task PostAsync(NewList list)
    {
        _connection.Tell(list);
        return SettledAsync();
    }

    /// <summary>It has handled what it was told before.</summary>
    private async Task SettledAsync()
    {
        _connection.Tell(new Identify(null), TestActor);
        await ExpectMsgAsync<ActorIdentity>();
    }

    /// <summary>These lists were sent, and no others.</summary>
    private Task SentAsync(params long[] offsets) =>
        Eventually.HoldsAsync(
            () => _client.Lists.Select(list => list.Offset).SequenceEqual(offsets),
            () => string.Join(' ', _client.Lists.Select(list => list.Offset))
        );
}
