using CourseRec.Training.Online;
using Microsoft.Extensions.Time.Testing;

namespace CourseRec.Training.Tests.Online;

public class OnlineTrainerTests
{
    [Fact]
    public async Task What_users_do_is_learned_from_nothing_and_served()
    {
        await using var harness = new OnlineHarness().Started();

        var taught = harness.TeachCircle(users: 300);
        await harness.UntilLearned();

        await harness.Until(() => harness.Trainer.Status.Trained == taught, "all is trained");
        var status = harness.Trainer.Status;
        Assert.Equal(OnlineTrainerState.Learning, status.State);
        Assert.Equal((taught, 0L, 0L), (status.Taught, status.Dropped, status.Rejected));
        Assert.Equal(OnlineHarness.PlantedCourses, status.Courses);
        Assert.Matches("^online-[0-9a-f]{8}-[0-9]+$", status.Version);
        await harness.Until(
            () => harness.Trainer.Status.Version == harness.Online!.Version,
            "the status names the model that serves"
        );
    }

    [Fact]
    public async Task BERT4Rec_learns_online_too()
    {
        var config = OnlineHarness.Options.Config with
        {
            Objective = CourseRec.Models.Sequential.SequentialObjective.Cloze,
            Block = CourseRec.Models.Sequential.SequentialBlock.Plain,
        };
        await using var harness = new OnlineHarness(OnlineHarness.Options with { Config = config }).Started();

        harness.TeachCircle(users: 600);
        await harness.UntilLearned();

        Assert.Equal(config, harness.Online!.Config);
    }

    [Fact]
    public async Task A_new_course_is_in_the_next_model()
    {
        await using var harness = new OnlineHarness().Started();
        harness.TeachCircle(users: 20);
        await harness.Until(() => harness.Online is not null, "a model serves");
        var before = harness.Online!;
        Assert.DoesNotContain("new", before.CourseIds);

        harness.Teach(1000, "c1", "c2", "new");
        await harness.Until(() => harness.Online!.CourseIds.Contains("new"), "the course is known");

        Assert.Equal(before.CourseIds, harness.Online!.CourseIds.Take(before.CourseCount));
    }

    [Fact]
    public async Task Held_out_users_never_train()
    {
        await using var harness = new OnlineHarness(OnlineHarness.Options with { HeldOut = 0.5 }).Started();
        harness.TeachCircle(users: 200);
        var training = Enumerable.Range(1, 200).Count(user => !harness.Trainer.IsHeldOut((ulong)user));
        Assert.InRange(training, 70, 130);

        await harness.Until(() => harness.Trainer.Status is { Pending: 0, Published: > 0 }, "all is taken in");

        Assert.Equal((training * 5, training * 5), (harness.Trainer.Status.Taught, harness.Trainer.Status.Trained));
    }

    [Fact]
    public async Task Without_anything_taught_it_waits()
    {
        await using var harness = new OnlineHarness().Started();

        harness.Teach(7, "c1");

        Assert.Equal(OnlineTrainerState.Waiting, harness.Trainer.Status.State);
        Assert.Equal((0, 1.0), (harness.Trainer.Status.Taught, harness.Trainer.Status.Coverage));
        Assert.Null(harness.Online);
    }

    [Fact]
    public async Task Freshness_and_coverage_are_reported()
    {
        await using var harness = new OnlineHarness().Started();

        var taught = harness.TeachCircle(users: 50);
        await harness.Until(() => harness.Trainer.Status is { Pending: 0, FreshnessP50Ms: not null }, "a model serves");
        await harness.Trainer.StopAsync();

        var status = harness.Trainer.Status;
        Assert.InRange(status.FreshnessP50Ms!.Value, 1, 60_000);
        Assert.True(status.FreshnessP50Ms <= status.FreshnessP99Ms, status.ToString());
        Assert.InRange(status.Coverage, 0.01, 1);
        Assert.Equal(taught, status.Trained);
    }

    [Fact]
    public async Task What_does_not_fit_in_the_queue_is_dropped_and_counted()
    {
        await using var harness = new OnlineHarness(OnlineHarness.Options with { MaxPending = 10 }).Started();

        var taught = harness.TeachCircle(users: 2_000);
        await harness.Until(() => harness.Trainer.Status.Pending == 0, "nothing waits");

        var status = harness.Trainer.Status;
        Assert.True(status.Dropped > 0, status.ToString());
        Assert.True(status.Coverage < 1, status.ToString());
        Assert.Equal(taught, status.Trained + status.Dropped);
    }

    [Fact]
    public async Task What_serves_can_be_frozen_while_learning_goes_on()
    {
        await using var harness = new OnlineHarness().Started();
        harness.TeachCircle(users: 20);
        await harness.Until(() => harness.Online is not null, "a model serves");
        Assert.Null(harness.Models.Frozen);

        harness.Trainer.Freeze();
        var frozen = harness.Models.Frozen;
        Assert.NotNull(frozen);
        harness.TeachCircle(users: 20, firstUser: 100);
        await harness.Until(() => harness.Online!.Version != frozen.Version, "a newer model serves");

        Assert.Same(frozen, harness.Models.Frozen);
    }

    [Fact]
    public async Task It_stops_while_it_rests()
    {
        await using var harness = new OnlineHarness(
            OnlineHarness.Options with
            {
                Share = 0.001,
            },
            new TimersThatNeverFire()
        ).Started();
        harness.TeachCircle(users: 1_000);
        await harness.Until(() => harness.Trainer.Status.Steps > 0, "it has to rest");

        await harness.Trainer.StopAsync();

        Assert.Equal(OnlineTrainerState.Stopped, harness.Trainer.Status.State);
        Assert.Null(harness.Trainer.Status.Problem);
        Assert.NotNull(harness.Online);
    }

    [Fact]
    public async Task Settings_out_of_range_are_refused_by_name()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new OnlineHarness(OnlineHarness.Options with { Share = 0 })
        );
        Assert.Equal("The online trainer's Share can't be 0.", refused.Message);
        await Task.CompletedTask;
    }

    /// <summary>Time passes, and yet no timer fires: they are the fake's.</summary>
    private sealed class TimersThatNeverFire : FakeTimeProvider
    {
        public override long TimestampFrequency => System.TimestampFrequency;

        public override long GetTimestamp() => System.GetTimestamp();
    }
}
