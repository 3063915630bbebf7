using CourseRec.Actors.Partitions;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Actors.Tests.Partitions;

/// <summary>For how long a node, number 1, may serve after what was answered.</summary>
public sealed class ServingProofTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);
    private readonly FakeTimeProvider _time = new();
    private readonly ServingProof _proof;

    public ServingProofTests() => _proof = new ServingProof(Lifetime, _time);

    [Fact]
    public void Nothing_is_proven_before_the_cluster_is_known()
    {
        Assert.False(_proof.IsProven);
        Ask(answeredBy: 2);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void One_who_is_alone_is_proven_as_long_as_it_is_a_member()
    {
        Join();
        Assert.True(_proof.IsProven);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.True(_proof.IsProven);
        _proof.SetMembers(isMember: false, []);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void One_of_two_needs_the_other()
    {
        Join(2);
        Ask();
        Assert.False(_proof.IsProven);
        Ask(answeredBy: 2);
        Assert.True(_proof.IsProven);
    }

    [Fact]
    public void One_of_three_needs_one_answer_and_one_of_five_two_of_different_nodes()
    {
        Join(2, 3);
        Ask(answeredBy: 3);
        Assert.True(_proof.IsProven);

        var five = new ServingProof(Lifetime, _time);
        five.SetMembers(isMember: true, [2, 3, 4, 5]);
        var round = five.Begin();
        five.OnAnswer(round, 4);
        five.OnAnswer(round, 4);
        Assert.False(five.IsProven);
        five.OnAnswer(round, 2);
        Assert.True(five.IsProven);
    }

    [Fact]
    public void A_proof_lasts_a_lifetime_from_the_sending_of_what_was_answered()
    {
        Join(2, 3);
        var round = _proof.Begin();
        _time.Advance(Lifetime - Moment);
        _proof.OnAnswer(round, 2);
        Assert.True(_proof.IsProven);
        _time.Advance(Moment);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void An_answer_that_takes_a_lifetime_proves_nothing()
    {
        Join(2, 3);
        var round = _proof.Begin();
        _time.Advance(Lifetime);
        _proof.OnAnswer(round, 2);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void The_answer_to_an_older_round_takes_nothing_from_a_newer_ones_proof()
    {
        Join(2, 3);
        var older = _proof.Begin();
        _time.Advance(Lifetime / 2);
        Ask(answeredBy: 2);
        _proof.OnAnswer(older, 3);
        _time.Advance(Lifetime - Moment);
        Assert.True(_proof.IsProven);
        _time.Advance(Moment);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void Answers_of_two_rounds_make_no_majority_together()
    {
        Join(2, 3, 4, 5);
        var (first, second) = (_proof.Begin(), _proof.Begin());
        _proof.OnAnswer(first, 2);
        _proof.OnAnswer(second, 3);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void Answers_of_who_is_no_member_and_to_rounds_that_there_were_not_do_not_count()
    {
        Join(2, 3);
        var round = _proof.Begin();
        _proof.OnAnswer(round, 4);
        _proof.OnAnswer(round, 1);
        _proof.OnAnswer(round + 1, 2);
        _proof.OnAnswer(0, 2);
        Assert.False(_proof.IsProven);
    }

    [Fact]
    public void A_member_that_joins_raises_the_majority_at_once()
    {
        Join(2, 3);
        var round = _proof.Begin();
        Join(2, 3, 4, 5);
        _proof.OnAnswer(round, 2);
        Assert.False(_proof.IsProven);
        _proof.OnAnswer(round, 5);
        Assert.True(_proof.IsProven);
    }

    [Fact]
    public void A_member_that_leaves_lowers_the_majority_and_its_answer_does_not_count()
    {
        Join(2, 3, 4, 5, 6, 7);
        var round = _proof.Begin();
        _proof.OnAnswer(round, 2);
        _proof.OnAnswer(round, 3);
        Join(4, 5, 6, 7);
        _proof.OnAnswer(round, 4);
        Assert.False(_proof.IsProven);
        _proof.OnAnswer(round, 5);
        Assert.True(_proof.IsProven);
    }

    [Fact]
    public void One_whose_last_companion_leaves_is_alone_and_proven_and_a_new_one_has_to_answer()
    {
        Join(2);
        Join();
        Assert.True(_proof.IsProven);
        Join(3);
        Assert.False(_proof.IsProven);
        Ask(answeredBy: 3);
        Assert.True(_proof.IsProven);
    }

    [Fact]
    public void Who_is_taken_out_has_no_proof_left_should_it_come_back()
    {
        Join(2, 3);
        Ask(answeredBy: 2);
        _proof.SetMembers(isMember: false, [2, 3]);
        Assert.False(_proof.IsProven);
        Join(2, 3);
        Assert.False(_proof.IsProven);
    }

    private void Join(params long[] others) => _proof.SetMembers(isMember: true, others);

    private void Ask(params long[] answeredBy)
    {
        var round = _proof.Begin();
        foreach (var node in answeredBy)
            _proof.OnAnswer(round, node);
    }
}
