using System.Net;
using CourseRec.SystemTests.Harness;

namespace CourseRec.SystemTests.Embedded;

/// <summary>A full disk stops acceptance, and nothing else.</summary>
public sealed class FullDiskTests
{
    private const int EventsPerRequest = 200;
    private const int MaxRequests = 2000;

    [SmallDiskFact]
    public async Task A_full_disk_is_answered_503_and_nothing_accepted_is_lost()
    {
        using var disk = new SmallDisk(megabytes: 24);
        var reserve = Path.Combine(disk.Path, "reserve");
        await File.WriteAllBytesAsync(reserve, new byte[12 << 20]);
        var node = await NodeProcess.StartAsync(disk.Path, FreePorts.One(), "--no-simulation");
        await using var ended = node;
        using var client = new NodeClient(node.Url);

        var accepted = 0;
        while (await client.TryPostAsync(Request(accepted), default))
            Assert.True(++accepted < MaxRequests, "the disk did not fill up");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, client.LastStatus);

        File.Delete(reserve);
        await client.PostAsync(Request(accepted), new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        await Eventually.BecomesAsync(client.UnstoredAsync, unstored => unstored == 0, "everything is stored");
        for (var request = 0; request <= accepted; request++)
            Assert.Equal(1, (await client.SessionAsync(UserOf(request, 0)))!.Applied);
    }

    private static TestEvent[] Request(int number) =>
        [
            .. Enumerable
                .Range(0, EventsPerRequest)
                .Select(i => new TestEvent(
                    $"e{number}-{i}",
                    UserOf(number, i),
                    $"course-{i}",
                    "enroll",
                    new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)
                )),
        ];

    private static string UserOf(int request, int place) => $"u{request}-{place}";
}
