using Akka.Actor;
using Akka.TestKit.Xunit2;
using CourseRec.Actors.Hosting;

namespace CourseRec.Actors.Tests.Hosting;

public sealed class ThreadSchedulerTests() : TestKit(TestConfig.Patient)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task What_is_scheduled_comes_in_its_order_and_again_until_it_is_cancelled()
    {
        Assert.IsType<ThreadScheduler>(Sys.Scheduler);
        using var again = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellOnce(500 * Moment, TestActor, "later", TestActor);
        Sys.Scheduler.ScheduleTellOnce(Moment, TestActor, "sooner", TestActor);
        await ExpectMsgAsync("sooner");
        await ExpectMsgAsync("later");
        Sys.Scheduler.ScheduleTellRepeatedly(Moment, Moment, TestActor, "again", TestActor, again);
        for (var times = 0; times < 3; times++)
            await ExpectMsgAsync("again");
        again.Cancel();
        Sys.Scheduler.ScheduleTellOnce(100 * Moment, TestActor, "last", TestActor);
        await FishForMessageAsync(message => message is "last");
        Assert.False(HasMessages);
    }

    [Theory]
    [InlineData(1_003, 100, 400, 1_200)]
    [InlineData(1_003, 250, 200, 1_400)]
    [InlineData(1_200, 0, 200, 1_200)]
    [InlineData(1_003, 1_000, null, 2_200)]
    public void What_comes_seldom_comes_at_the_same_moments(long now, int delay, int? interval, long due) =>
        Assert.Equal(due, ThreadScheduler.DueAt(now, delay * Moment, interval * Moment));

    [Theory]
    [InlineData(100, 100)]
    [InlineData(999, null)]
    public void What_comes_often_or_has_little_time_comes_when_it_is_due(int delay, int? interval) =>
        Assert.Equal(1_003 + delay, ThreadScheduler.DueAt(1_003, delay * Moment, interval * Moment));

    [Fact]
    public async Task One_that_fails_keeps_no_other_from_coming()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Moment, () => throw new InvalidOperationException("on purpose"));
        Sys.Scheduler.ScheduleTellOnce(2 * Moment, TestActor, "next", TestActor);
        await ExpectMsgAsync("next");
    }
}
