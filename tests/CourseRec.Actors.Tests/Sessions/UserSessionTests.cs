using CourseRec.Actors.Sessions;
using CourseRec.Models.Interactions;
using static CourseRec.Actors.Tests.Sessions.SessionFactory;

namespace CourseRec.Actors.Tests.Sessions;

public class UserSessionTests
{
    private readonly UserSession _session = new(
        new FoldRules
        {
            HistoryLength = 4,
            RecentIds = 3,
            TakenLimit = 3,
        }
    );

    [Fact]
    public void An_event_is_applied_and_moves_the_version()
    {
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(7), Event("a", 1)));
        Assert.Equal((V(7), 1), (_session.Version, _session.Applied));
        Assert.Equal([1], _session.Courses());
    }

    [Fact]
    public void A_record_at_or_below_the_version_is_skipped()
    {
        _session.Fold(V(7), Event("a", 1));
        Assert.Equal(FoldOutcome.Skipped, _session.Fold(V(7), Event("b", 2)));
        Assert.Equal(FoldOutcome.Skipped, _session.Fold(V(6), Event("c", 3)));
        Assert.Equal((V(7), 1), (_session.Version, _session.Applied));
    }

    [Fact]
    public void An_unparking_goes_past_what_was_put_aside_and_what_was_can_come_again()
    {
        _session.Fold(V(1), Event("a", 1));
        Assert.Equal(FoldOutcome.Applied, _session.Unpark(V(5)));
        Assert.Equal(FoldOutcome.Skipped, _session.Unpark(V(5)));
        Assert.Equal(FoldOutcome.Skipped, _session.Fold(V(3), Event("b", 2)));
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(6), Event("b", 2)));
        Assert.Equal((V(6), 2), (_session.Version, _session.Applied));
    }

    [Fact]
    public void An_event_sent_twice_is_applied_once()
    {
        _session.Fold(V(0), Event("a", 1));
        Assert.Equal(FoldOutcome.Duplicate, _session.Fold(V(1), Event("a", 1)));
        Assert.Equal((V(1), 1), (_session.Version, _session.Applied));
        Assert.Equal([1], _session.Courses());
    }

    [Fact]
    public void Duplicates_are_known_among_the_last_ids_only()
    {
        foreach (var (i, id) in new[] { "a", "b", "c", "d" }.Index())
            _session.Fold(V(i), Event(id, i));
        Assert.Equal(FoldOutcome.Duplicate, _session.Fold(V(4), Event("b", 9)));
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(5), Event("a", 9)));
    }

    [Fact]
    public void A_late_event_is_placed_by_its_time()
    {
        _session.Fold(V(0), Event("a", 1, seconds: 10));
        _session.Fold(V(1), Event("b", 2, seconds: 30));
        Assert.Equal(FoldOutcome.AppliedLate, _session.Fold(V(2), Event("c", 3, seconds: 20)));
        Assert.Equal([1, 3, 2], _session.Courses());
    }

    [Fact]
    public void Events_of_one_time_stay_in_the_order_of_the_log()
    {
        _session.Fold(V(0), Event("a", 1));
        _session.Fold(V(1), Event("b", 2));
        Assert.Equal([1, 2], _session.Courses());
    }

    [Fact]
    public void The_history_keeps_the_newest()
    {
        for (var i = 0; i < 6; i++)
            _session.Fold(V(i), Event($"e{i}", i, seconds: i));
        Assert.Equal([2, 3, 4, 5], _session.Courses());
        Assert.Equal(6, _session.Applied);
    }

    [Fact]
    public void A_late_event_can_push_the_oldest_out_of_a_full_history()
    {
        for (var i = 0; i < 4; i++)
            _session.Fold(V(i), Event($"e{i}", i, seconds: i * 10));
        _session.Fold(V(4), Event("late", 9, seconds: 15));
        Assert.Equal([1, 9, 2, 3], _session.Courses());
    }

    [Fact]
    public void An_event_older_than_a_full_history_counts_but_is_not_shown()
    {
        for (var i = 0; i < 4; i++)
            _session.Fold(V(i), Event($"e{i}", i, seconds: i));
        _session.Fold(V(4), Event("old", 9, InteractionType.Enroll, seconds: -60));
        Assert.Equal([0, 1, 2, 3], _session.Courses());
        Assert.Equal(5, _session.Applied);
        Assert.True(_session.HasTaken(9));
    }

    [Fact]
    public void A_taken_course_stays_taken_when_it_leaves_the_history()
    {
        _session.Fold(V(0), Event("take", 7, InteractionType.Enroll));
        for (var i = 1; i < 6; i++)
            _session.Fold(V(i), Event($"e{i}", i, seconds: i));
        Assert.DoesNotContain(7, _session.Courses());
        Assert.True(_session.HasTaken(7));
        Assert.False(_session.HasTaken(5));
    }

    [Fact]
    public void The_oldest_taken_course_is_forgotten_beyond_the_limit()
    {
        for (var i = 0; i < 4; i++)
            _session.Fold(V(i), Event($"e{i}", i, InteractionType.Dismiss));
        Assert.Equal([false, true, true, true], Enumerable.Range(0, 4).Select(course => _session.HasTaken(course)));
    }

    [Fact]
    public void Looking_at_a_course_and_rating_it_low_build_no_history()
    {
        _session.Fold(V(0), Event("a", 1, InteractionType.View));
        _session.Fold(V(1), Event("b", 2, InteractionType.Rate, value: 2.5));
        _session.Fold(V(2), Event("c", 3, InteractionType.Rate, value: 3));
        Assert.Equal([3], _session.Courses());
        Assert.Equal(3, _session.Applied);
    }

    [Fact]
    public void A_forwarded_record_is_applied_once_however_often_it_is_forwarded()
    {
        var origin = new RecordOrigin(1, 5, 100);
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(0), Event("a", 1, origin: origin)));
        for (var i = 1; i < 5; i++)
            _session.Fold(V(i), Event($"e{i}", i));
        Assert.Equal(FoldOutcome.Duplicate, _session.Fold(V(5), Event("a", 1, origin: origin)));
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(6), Event("b", 2, origin: origin with { Offset = 101 })));
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(7), Event("c", 3, origin: origin with { Partition = 6 })));
    }

    [Fact]
    public void Erasing_leaves_nothing_but_the_version_and_the_time()
    {
        _session.Fold(V(0), Event("a", 1, InteractionType.Enroll));
        _session.Erase(V(1), Start + 5_000);
        Assert.Equal((V(1), 0, Start + 5_000), (_session.Version, _session.Applied, _session.ErasedAt));
        Assert.Empty(_session.Courses());
        Assert.False(_session.HasTaken(1));
    }

    [Fact]
    public void What_happened_before_the_erasure_stays_out_and_what_happens_after_comes_in()
    {
        _session.Erase(V(1), Start + 5_000);
        Assert.Equal(FoldOutcome.Erased, _session.Fold(V(2), Event("a", 1, seconds: 4.9)));
        Assert.Equal(FoldOutcome.Applied, _session.Fold(V(3), Event("b", 2, seconds: 5)));
        Assert.Equal([2], _session.Courses());
    }

    [Fact]
    public void What_was_accepted_before_the_erasure_stays_out_though_it_is_dated_later()
    {
        _session.Erase(V(1), Start + 5_000);
        Assert.Equal(FoldOutcome.Erased, _session.Fold(V(2), Event("a", 1, seconds: 60, acceptedAfter: 4)));
    }

    [Fact]
    public void An_erasure_that_comes_again_takes_nothing_with_it()
    {
        _session.Erase(V(1), Start);
        _session.Fold(V(2), Event("a", 1, seconds: 1));
        Assert.Equal(FoldOutcome.Erased, _session.Erase(V(3), Start));
        Assert.Equal([1], _session.Courses());
    }

    [Fact]
    public void A_second_erasure_with_an_older_clock_keeps_the_later_time()
    {
        _session.Erase(V(1), Start + 5_000);
        _session.Erase(V(2), Start + 4_000);
        Assert.Equal(Start + 5_000, _session.ErasedAt);
    }

    [Fact]
    public void Without_room_for_taken_courses_a_dismissal_is_forgotten()
    {
        var session = new UserSession(new FoldRules { TakenLimit = 0 });
        Assert.Equal(FoldOutcome.Applied, session.Fold(V(0), Event("a", 1, InteractionType.Dismiss)));
        Assert.False(session.HasTaken(1));
    }

    [Fact]
    public void Rules_under_which_a_session_could_outgrow_its_cell_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new FoldRules { TakenLimit = 700 }.Validate());
        Assert.StartsWith("HistoryLength is 50 and TakenLimit 700; allowed are", error.Message);
    }

    [Fact]
    public void The_models_read_distinct_courses_with_the_most_recently_active_last()
    {
        foreach (var (i, course) in new[] { 1, 2, 1, 3 }.Index())
            _session.Fold(V(i), Event($"e{i}", course, seconds: i));
        Assert.Equal([2, 1, 3], _session.Courses(long.MaxValue, new int[4]).ToArray());
        Assert.Equal([2, 1], _session.Courses(Start + 2_000, new int[4]).ToArray());
    }

    [Fact]
    public void A_discovery_is_positive_and_on_a_course_without_a_trace()
    {
        _session.Fold(V(0), Event("a", 1));
        _session.Fold(V(1), Event("b", 2, InteractionType.Dismiss));
        Assert.False(_session.IsDiscovery(Event("c", 1, InteractionType.Enroll)));
        Assert.False(_session.IsDiscovery(Event("d", 2)));
        Assert.False(_session.IsDiscovery(Event("e", 3, InteractionType.View)));
        Assert.True(_session.IsDiscovery(Event("f", 3)));
    }

    [Fact]
    public void The_state_is_a_function_of_the_records_whatever_is_replayed_on_the_way()
    {
        var random = new Random(1);
        var records = Enumerable
            .Range(0, 200)
            .Select(i =>
                (
                    V(i),
                    Event($"e{random.Next(150)}", random.Next(20), (InteractionType)random.Next(7), random.Next(100), 4)
                )
            )
            .ToList();
        var replayed = new UserSession(new FoldRules());
        var once = new UserSession(new FoldRules());
        for (var i = 0; i < records.Count; i++)
        {
            once.Fold(records[i].Item1, records[i].Item2);
            for (var back = random.Next(i + 1); back <= i; back++)
                replayed.Fold(records[back].Item1, records[back].Item2);
        }
        Assert.Equal(once.History.ToArray(), replayed.History.ToArray());
        Assert.Equal((once.Version, once.Applied), (replayed.Version, replayed.Applied));
    }
}
