using Akka.TestKit;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Partitions;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>How partitions are asked by whoever is no actor: the region is the test's.</summary>
public sealed class PartitionQuestionsTests : TestKit
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly SessionView View = new("u1", 0, 4, 4, 5, []);
    private static readonly Refusal NotYet = new(RefusalKind.NotYet, "it moves");
    private readonly FakeTimeProvider _time = new();
    private readonly PartitionExtractor _partitions = new(2);
    private readonly TestProbe _region;
    private readonly CancellationTokenSource _ended = new();

    public PartitionQuestionsTests()
        : base(TestConfig.Patient) => _region = CreateTestProbe();

    [Fact]
    public async Task A_question_goes_to_the_region_and_its_answer_comes_back()
    {
        var answer = Ask(Questions());
        Assert.Equal(new GetSession("u1"), await _region.ExpectMsgAsync<GetSession>());
        _region.Reply(View);
        Assert.Same(View, await answer);
    }

    [Fact]
    public async Task A_question_that_nobody_can_answer_yet_is_asked_again()
    {
        var answer = Ask(Questions());
        for (var time = 0; time < 3; time++)
        {
            await AskedAsync();
            _region.Reply(NotYet);
        }
        await AskedAsync();
        _region.Reply(View);
        Assert.Same(View, await answer);
    }

    [Fact]
    public async Task A_question_that_is_lost_is_asked_again_after_three_seconds()
    {
        var (answer, began) = (Ask(Questions()), _time.GetTimestamp());
        await _region.ExpectMsgAsync<GetSession>();
        await AskedAsync();
        Assert.True(_time.GetElapsedTime(began) >= Read.Patience + TimeSpan.FromSeconds(1));
        _region.Reply(View);
        Assert.Same(View, await answer);
    }

    [Fact]
    public async Task A_question_that_was_lost_is_asked_again_when_its_partition_has_started_anew()
    {
        var (questions, partition) = (Questions(), Partitioner.PartitionOf("u1", 2));
        var answer = Ask(questions);
        await _region.ExpectMsgAsync<GetSession>();
        questions.AskAgain(1 - partition);
        questions.AskAgain(partition);
        var began = _time.GetTimestamp();
        await AskedAsync();
        Assert.True(_time.GetElapsedTime(began) < Read.Patience);
        _region.Reply(View);
        Assert.Same(View, await answer);
    }

    [Fact]
    public async Task A_question_that_is_open_when_the_node_ends_is_given_up_at_once()
    {
        var answer = Ask(Questions());
        await _region.ExpectMsgAsync<GetSession>();
        await _ended.CancelAsync();
        var refusal = await Assert.ThrowsAsync<NotOwnedException>(() => answer.Briefly());
        Assert.Equal("this node ends; ask another one", refusal.Message);
    }

    [Fact]
    public async Task A_question_that_nobody_can_answer_is_given_up_when_the_wait_for_an_owner_is_over()
    {
        var wait = TimeSpan.FromSeconds(2);
        var (answer, began) = (Ask(Questions(new() { WaitForOwner = wait })), _time.GetTimestamp());
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(Step);
                while (_region.HasMessages)
                {
                    _region.ReceiveOne(TimeSpan.Zero);
                    _region.Reply(NotYet);
                }
                return answer.IsCompleted;
            },
            () => "it still asks"
        );
        var refused = await Assert.ThrowsAsync<NotOwnedException>(() => answer);
        Assert.Equal("it moves", refused.Message);
        Assert.True(_time.GetElapsedTime(began) >= wait);
    }

    [Fact]
    public async Task Silence_is_given_up_too_and_the_reason_names_the_partition()
    {
        var answer = Ask(Questions(new() { WaitForOwner = TimeSpan.Zero }));
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(Step);
                return answer.IsCompleted;
            },
            () => "it still waits"
        );
        var refused = await Assert.ThrowsAsync<NotOwnedException>(() => answer);
        var partition = Partitioner.PartitionOf("u1", 2);
        Assert.Equal($"nobody serves partition {partition} of user u1 now", refused.Message);
    }

    [Theory]
    [InlineData(RefusalKind.Stopped, typeof(NotOwnedException))]
    [InlineData(RefusalKind.Away, typeof(StoreUnavailableException))]
    [InlineData(RefusalKind.Behind, typeof(StoreUnavailableException))]
    [InlineData(RefusalKind.Parked, typeof(UserParkedException))]
    [InlineData(RefusalKind.Failed, typeof(InvalidOperationException))]
    internal async Task A_refusal_that_does_not_pass_is_an_exception_at_once(RefusalKind kind, Type type)
    {
        var answer = Ask(Questions());
        await _region.ExpectMsgAsync<GetSession>();
        _region.Reply(new Refusal(kind, "that is why"));
        var thrown = await Assert.ThrowsAsync(type, () => answer);
        Assert.Equal("that is why", thrown.Message);
    }

    [Fact]
    public async Task No_more_than_so_many_questions_are_open_at_a_partition()
    {
        var questions = Questions(new() { MaxQuestions = 2 });
        string[] here = [.. UsersOf(0).Take(4)];
        var first = Ask(questions, here[0]);
        await _region.ExpectMsgAsync<GetSession>();
        var second = Ask(questions, here[1]);
        await _region.ExpectMsgAsync<GetSession>();
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => Ask(questions, here[2]));
        Assert.Contains("2 questions to partition 0 wait for an answer already", refused.Message);

        var elsewhere = Ask(questions, UsersOf(1).First());
        await _region.ExpectMsgAsync<GetSession>();
        _region.Reply(View);
        await elsewhere;
        Assert.False(first.IsCompleted || second.IsCompleted);
    }

    [Fact]
    public async Task A_question_that_is_answered_or_given_up_makes_room_for_another()
    {
        var questions = Questions(new() { MaxQuestions = 1 });
        using var gone = new CancellationTokenSource();
        var first = questions.AskAsync<SessionView>(new GetSession("u1"), gone.Token);
        await _region.ExpectMsgAsync<GetSession>();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        for (var time = 0; time < 2; time++)
        {
            var next = Ask(questions);
            await _region.ExpectMsgAsync<GetSession>();
            _region.Reply(View);
            Assert.Same(View, await next);
        }
    }

    private PartitionQuestions Questions(SessionHostOptions? options = null) =>
        new(_region, _partitions, options ?? new() { WaitForOwner = TimeSpan.FromDays(1) }, _time, _ended.Token);

    private static Task<SessionView> Ask(PartitionQuestions questions, string user = "u1") =>
        questions.AskAsync<SessionView>(new GetSession(user), CancellationToken.None);

    private IEnumerable<string> UsersOf(int partition) =>
        Enumerable
            .Range(0, 1000)
            .Select(i => $"u{i}")
            .Where(user => _partitions.PartitionOf(new GetSession(user)) == partition);

    /// <summary>The region is asked, now or when time has passed.</summary>
    private async Task AskedAsync()
    {
        await Eventually.HoldsAsync(
            () =>
            {
                if (!_region.HasMessages)
                    _time.Advance(Step);
                return _region.HasMessages;
            },
            () => "nobody asks"
        );
        await _region.ExpectMsgAsync<GetSession>();
    }
}
