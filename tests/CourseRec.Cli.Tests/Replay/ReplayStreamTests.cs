using CourseRec.Cli.Replay;
using CourseRec.Cli.Targets;
using CourseRec.Models.Interactions;
using CourseRec.Training.Data;

namespace CourseRec.Cli.Tests.Replay;

public sealed class ReplayStreamTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    private static readonly InteractionDataset Enrolments = InteractionDataset.Of(
        ["u", "v", "w"],
        ["a", "b", "c", "d"],
        [
            [0, 1, 2, 3],
            [3, 2],
            [1],
        ]
    );

    [Fact]
    public void Each_users_order_is_kept()
    {
        var events = Read(seed: 5);
        Assert.Equal(7, events.Count);
        Assert.Equal(["a", "b", "c", "d"], CoursesOf("u", events));
        Assert.Equal(["d", "c"], CoursesOf("v", events));
        Assert.Equal(["b"], CoursesOf("w", events));
    }

    [Fact]
    public void The_same_seed_gives_the_same_stream_and_another_seed_another()
    {
        Assert.Equal(Read(seed: 5), Read(seed: 5));
        Assert.NotEqual(Read(seed: 5).Select(e => e.Id), Read(seed: 6).Select(e => e.Id));
    }

    [Fact]
    public void Ids_do_not_depend_on_the_seed()
    {
        Assert.Equal(Read(seed: 5).Select(e => e.Id).Order(), Read(seed: 6).Select(e => e.Id).Order());
    }

    [Fact]
    public void Times_lie_a_second_apart_and_end_now()
    {
        Assert.Equal(Enumerable.Range(-6, 7).Select(i => Now.AddSeconds(i)), Read(seed: 5).Select(e => e.Time));
    }

    [Fact]
    public void A_limit_cuts_the_stream_short_and_it_still_ends_now()
    {
        var events = ReplayStream.Read(Enrolments, 5, 3, Now).ToList();
        Assert.Equal(Read(seed: 5).Take(3).Select(e => e.Id), events.Select(e => e.Id));
        Assert.Equal(Now, events[^1].Time);
    }

    [Fact]
    public void An_id_that_would_be_too_long_is_hashed()
    {
        var file = InteractionDataset.Of(
            [new string('u', 128)],
            [new string('c', 128)],
            [
                [0],
            ]
        );
        Assert.Equal(64, ReplayStream.Read(file, 1, 1, Now).Single().Id.Length);
    }

    [Fact]
    public void Every_event_is_an_enrolment()
    {
        Assert.All(Read(seed: 1), e => Assert.Equal(InteractionType.Enroll, e.Type));
    }

    [Fact]
    public void Data_with_times_is_replayed_in_their_order()
    {
        using var file = new TemporaryFile("userId,courseId,timestamp\nu,a,30\nv,b,10\nu,c,20\nw,d,20\n");
        var events = ReplayStream.Read(InteractionDataset.Read(file.Path), 5, int.MaxValue, Now).ToList();
        Assert.Equal("b", events[0].Course);
        Assert.Equal(["c", "d"], events[1..3].Select(e => e.Course).Order());
        Assert.Equal("a", events[3].Course);
    }

    private static List<OutgoingEvent> Read(int seed) =>
        ReplayStream.Read(Enrolments, seed, int.MaxValue, Now).ToList();

    private static IEnumerable<string> CoursesOf(string user, List<OutgoingEvent> events) =>
        events.Where(e => e.User == user).Select(e => e.Course);
}
