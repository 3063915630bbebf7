using System.Text;
using CourseRec.Actors.Catalogue;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Tests.Partitions;
using CourseRec.Models.Catalogue;
using Microsoft.Extensions.Logging.Abstractions;

namespace CourseRec.Actors.Tests.Catalogue;

public sealed class CatalogueFollowerTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_ready_when_it_has_read_to_the_end_that_the_log_had_at_the_start()
    {
        await using var pipeline = Pipeline.Open(_folder);
        await AppendAsync(pipeline, 0, 500);
        var catalogue = new CourseCatalogue(pipeline.Courses);
        var follower = new CatalogueFollower(
            pipeline.Log,
            catalogue,
            TimeProvider.System,
            NullLogger<CatalogueFollower>.Instance
        );
        Assert.False(follower.IsReady);
        using var stop = new CancellationTokenSource();
        var following = follower.RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => follower.IsReady, () => catalogue.Count);
        Assert.Equal(500, catalogue.Count);

        await AppendAsync(pipeline, 500, 1);
        await follower.WhenReadAsync(501, CancellationToken.None);
        Assert.Equal("Course 500", catalogue.Find("c500")!.Title);
        await stop.CancelAsync();
        await following;
    }

    private static async Task AppendAsync(Pipeline pipeline, int first, int count)
    {
        var records = Enumerable
            .Range(first, count)
            .Select(i => new NewCatalogueRecord($"c{i}", Encoding.UTF8.GetBytes($$"""{"title":"Course {{i}}"}""")))
            .ToList();
        await pipeline.Log.AppendAsync(records, CancellationToken.None);
    }
}
