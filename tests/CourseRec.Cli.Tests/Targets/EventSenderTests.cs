using CourseRec.Cli;
using CourseRec.Cli.Targets;
using CourseRec.Models.Interactions;

namespace CourseRec.Cli.Tests.Targets;

public sealed class EventSenderTests
{
    private const int Users = 50;

    [Theory]
    [InlineData(null)]
    [InlineData(200_000.0)]
    public async Task Every_event_is_sent_once_and_each_users_order_holds(double? rate)
    {
        await using var target = new MemoryTarget();
        var progress = new SendProgress();
        await Sender(target, progress).SendAsync(Events(20_000), rate, CancellationToken.None);
        Assert.Equal(20_000, progress.Accepted);
        foreach (var user in target.Events.GroupBy(e => e.User))
        {
            var numbers = user.Select(e => int.Parse(e.Id)).ToArray();
            Assert.Equal(400, numbers.Length);
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task A_target_that_fails_ends_the_stream_with_its_reason()
    {
        await using var target = new MemoryTarget(failAfter: 3000);
        var sending = Sender(target, new SendProgress()).SendAsync(Events(int.MaxValue), null, CancellationToken.None);
        var error = await Assert.ThrowsAsync<CliException>(() => sending);
        Assert.Equal("memory is full", error.Message);
    }

    [Fact]
    public async Task Stopping_ends_an_endless_stream()
    {
        await using var target = new MemoryTarget();
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Sender(target, new SendProgress()).SendAsync(Events(int.MaxValue), 1000, stop.Token)
        );
    }

    private static EventSender Sender(MemoryTarget target, SendProgress progress) =>
        new(target, progress, TimeProvider.System, "test");

    private static IEnumerable<OutgoingEvent> Events(int count) =>
        Enumerable
            .Range(0, count)
            .Select(i => new OutgoingEvent(
                $"{i}",
                $"u{i % Users}",
                "c",
                InteractionType.View,
                null,
                DateTimeOffset.UnixEpoch
            ));
}
