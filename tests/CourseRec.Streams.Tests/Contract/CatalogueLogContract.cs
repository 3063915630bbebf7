using System.Text;
using CourseRec.Actors.Ports;

namespace CourseRec.Streams.Tests.Contract;

/// <summary>
/// What every catalogue log must do. Compaction may be late, so only the newest record of a course is asked for.
/// </summary>
public abstract class CatalogueLogContract
{
    /// <summary>
    /// Opens this test's log: the first call makes an empty one, a call after it was disposed finds it again.
    /// </summary>
    protected abstract Task<ICatalogueLog> OpenAsync();

    /// <summary>Closes what <see cref="OpenAsync"/> opened.</summary>
    protected abstract Task CloseAsync();

    [Fact]
    public async Task Courses_are_followed_from_the_beginning_in_order()
    {
        var log = await OpenAsync();
        await AppendAsync(log, ("c1", "one"), ("c2", "two"), ("c3", "three"));
        Assert.Equal(3, await log.EndAsync(CancellationToken.None));
        Assert.Equal([("c1", "one"), ("c2", "two"), ("c3", "three")], await FollowToAsync(log, 0, 3));
        Assert.Equal([("c3", "three")], await FollowToAsync(log, 2, 3));
        await CloseAsync();
    }

    [Fact]
    public async Task An_empty_catalogue_ends_at_zero()
    {
        var log = await OpenAsync();
        Assert.Equal(0, await log.EndAsync(CancellationToken.None));
        await AppendAsync(log);
        Assert.Equal(0, await log.EndAsync(CancellationToken.None));
        await CloseAsync();
    }

    [Fact]
    public async Task The_newest_record_of_a_course_is_what_a_follower_ends_with()
    {
        var log = await OpenAsync();
        await AppendAsync(log, ("c1", "old"), ("c2", "two"));
        await AppendAsync(log, ("c1", "new"), ("c3", "gone"), ("c3", ""));
        var folded = (await FollowToAsync(log, 0, 5))
            .GroupBy(r => r.Course)
            .Select(g => (g.Key, g.Last().Value))
            .Order();
        Assert.Equal([("c1", "new"), ("c2", "two"), ("c3", "")], folded);
        await CloseAsync();
    }

    [Fact]
    public async Task Followers_see_records_as_they_arrive()
    {
        var log = await OpenAsync();
        var first = Task.Run(() => FollowToAsync(log, 0, 600));
        await AppendNumberedAsync(log, 0, 300);
        var second = Task.Run(() => FollowToAsync(log, 300, 600));
        await AppendNumberedAsync(log, 300, 600);
        Assert.Equal(Enumerable.Range(0, 600).Select(n => ($"c{n}", $"{n}")), await first.Briefly());
        Assert.Equal(Enumerable.Range(300, 300).Select(n => ($"c{n}", $"{n}")), await second.Briefly());
        await CloseAsync();
    }

    [Fact]
    public async Task Following_ends_when_it_is_cancelled()
    {
        var log = await OpenAsync();
        using var stop = new CancellationTokenSource();
        var following = Task.Run(async () =>
        {
            await foreach (var _ in log.FollowAsync(0, stop.Token)) { }
        });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => following.Briefly());
        await CloseAsync();
    }

    [Fact]
    public async Task A_catalogue_opened_again_goes_on_where_it_ended()
    {
        await AppendAsync(await OpenAsync(), ("c1", "one"), ("c1", ""));
        await CloseAsync();
        var again = await OpenAsync();
        Assert.Equal(2, await again.EndAsync(CancellationToken.None));
        await AppendAsync(again, ("c2", "two"));
        Assert.Equal([("c1", ""), ("c2", "two")], (await FollowToAsync(again, 0, 3)).TakeLast(2));
        await CloseAsync();
    }

    /// <summary>Follows up to an end; offsets must rise.</summary>
    private protected static async Task<List<(string Course, string Value)>> FollowToAsync(
        ICatalogueLog log,
        long from,
        long end
    )
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (records, last) = (new List<(string, string)>(), from - 1);
        await foreach (var record in log.FollowAsync(from, limit.Token))
        {
            Assert.True(record.Offset > last, $"{record.Offset} after {last}");
            last = record.Offset;
            records.Add((record.Course, Encoding.UTF8.GetString(record.Value.Span)));
            if (last == end - 1)
                break;
        }
        return records;
    }

    private static async Task AppendNumberedAsync(ICatalogueLog log, int from, int to)
    {
        for (var i = from; i < to; i += 30)
            await AppendAsync(log, [.. Enumerable.Range(i, 30).Select(n => ($"c{n}", $"{n}"))]);
    }

    private protected static ValueTask AppendAsync(ICatalogueLog log, params (string Course, string Value)[] courses) =>
        log.AppendAsync(
            [.. courses.Select(c => new NewCatalogueRecord(c.Course, Encoding.UTF8.GetBytes(c.Value)))],
            CancellationToken.None
        );
}
