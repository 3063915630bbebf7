using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

public class ReplayBufferTests
{
    [Fact]
    public void A_users_sequence_goes_on()
    {
        var replay = new ReplayBuffer(10, longest: 5, new(1));
        replay.Keep(1, [1, 2, 3], fresh: 1);
        replay.Keep(1, [2, 3, 4], fresh: 1);
        Assert.Equal([1, 2, 3, 4], replay.Sample[0].Courses);

        replay.Keep(1, [3, 4, 5, 6], fresh: 2);

        Assert.Equal([2, 3, 4, 5, 6], replay.Sample[0].Courses);
        Assert.Equal((1, 1L), (replay.Users, replay.Seen));
    }

    [Fact]
    public void A_late_example_does_not_cut_a_sequence_short()
    {
        var replay = new ReplayBuffer(10, longest: 5, new(1));
        replay.Keep(1, [1, 2, 3, 4], fresh: 1);

        replay.Keep(1, [1, 9], fresh: 1);

        Assert.Equal([1, 2, 3, 4], replay.Sample[0].Courses);
    }

    [Fact]
    public void Beyond_its_capacity_it_keeps_a_uniform_sample_of_the_users()
    {
        var replay = new ReplayBuffer(500, longest: 5, new(1));
        for (var user = 0UL; user < 5_000; user++)
            replay.Keep(user, [1, 2], fresh: 1);

        Assert.Equal(500, replay.Users);
        Assert.Equal(500, replay.Sample.Select(sequence => sequence.User).Distinct().Count());
        Assert.InRange(replay.Sample.Count(sequence => sequence.User < 2_500), 200, 300);
    }

    [Fact]
    public void Half_of_what_is_drawn_is_recent()
    {
        var replay = new ReplayBuffer(10_000, longest: 5, new(1));
        for (var user = 0; user < 8_000; user++)
            replay.Keep((ulong)user, [user, user], fresh: 1);

        var drawn = replay.Draw(1_000).Count(courses => courses[0] >= 8_000 - 2_048);

        Assert.InRange(drawn, 570, 690); // 500 recent ones, and a quarter of the rest
    }

    [Fact]
    public void A_forgotten_user_is_never_drawn_again_and_the_others_stay()
    {
        var replay = new ReplayBuffer(10, longest: 5, new(1));
        for (var user = 1; user <= 4; user++)
            replay.Keep((ulong)user, [user, user], fresh: 1);

        replay.Forget(2);

        Assert.Equal([1, 3, 4], replay.Sample.Select(sequence => sequence.Courses[0]).Order());
        Assert.Equal([1, 3, 4], replay.Recent.Select(sequence => sequence.Courses[0]));
        Assert.DoesNotContain(2, replay.Draw(200).Select(courses => courses[0]));
        replay.Keep(4, [4, 4, 5], fresh: 1);
        Assert.Equal([1, 3, 4], replay.Sample.Select(sequence => sequence.Courses[0]).Order());
    }

    [Fact]
    public void What_was_saved_comes_back()
    {
        var vocabulary = VocabularyTests.Of(5);
        var saved = SequenceLists.Encode(
            vocabulary,
            rows: 4,
            [new(ulong.MaxValue - 1, [0, 3]), new(7, [1, 4])],
            [new(8, [2])]
        );

        ReadOnlySpan<int> values = saved;
        var (first, second) = (
            SequenceLists.Decode(ref values, vocabulary),
            SequenceLists.Decode(ref values, vocabulary)
        );

        Assert.Equal(ulong.MaxValue - 1, Assert.Single(first).User); // the other names a course that the saved model lacks
        Assert.Equal([0, 3], first[0].Courses);
        Assert.Equal([2], Assert.Single(second).Courses);
        Assert.True(values.IsEmpty);
    }

    [Fact]
    public void Sequences_that_end_too_soon_are_refused()
    {
        var vocabulary = VocabularyTests.Of(5);

        var refused = Assert.Throws<ArgumentException>(() =>
        {
            ReadOnlySpan<int> values = [1, 7, 0, 3, 1, 2];
            SequenceLists.Decode(ref values, vocabulary);
        });

        Assert.Equal("a sequence has 3 courses", refused.Message);
    }
}
