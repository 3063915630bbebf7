using CourseRec.Models.Sequential;
using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

public class OnlineBatchTests
{
    private readonly Vocabulary _vocabulary = VocabularyTests.Of(30);

    [Fact]
    public void Only_fresh_courses_of_a_fresh_sequence_are_targets()
    {
        var batch = Batch(SequentialObjective.NextItem);
        batch.Add([0, 1, 2, 3, 4], fresh: 2);
        batch.Add([7, 8], fresh: 1);
        Assert.Equal(3, batch.Targets);

        var built = batch.Build()!.Value;

        Assert.Equal([1, 2, 3, 4, 0, 0, 0, 8], built.Ids);
        Assert.Equal([0, 0, 4, 5, 0, 0, 0, 9], built.Labels);
        Assert.Equal((4, 0), (built.Length, batch.Targets));
        Assert.Null(batch.Build());
    }

    [Fact]
    public void Every_course_of_a_repeated_sequence_but_the_first_is_a_target()
    {
        var batch = Batch(SequentialObjective.NextItem);
        batch.Add([0, 1, 2], fresh: 0);

        Assert.Equal([2, 3], batch.Build()!.Value.Labels);
    }

    [Fact]
    public void A_long_sequence_is_seen_through_its_last_courses()
    {
        var batch = Batch(SequentialObjective.NextItem);
        batch.Add([.. Enumerable.Range(0, 20)], fresh: 1);

        var built = batch.Build()!.Value;

        Assert.Equal([12, 13, 14, 15, 16, 17, 18, 19], built.Ids);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 20], built.Labels);
    }

    [Fact]
    public void Cloze_masks_the_fresh_course()
    {
        var batch = Batch(SequentialObjective.Cloze);
        batch.Add([0, 1, 2], fresh: 1);

        var built = batch.Build()!.Value;

        Assert.Equal([1, 2, 31], built.Ids);
        Assert.Equal([0, 0, 3], built.Labels);
    }

    [Fact]
    public void Cloze_masks_something_of_every_repeated_sequence()
    {
        var batch = Batch(SequentialObjective.Cloze);
        for (var i = 0; i < 50; i++)
            batch.Add([0, 1, 2, 3], fresh: 0);

        var built = batch.Build()!.Value;

        Assert.All(built.Ids.Chunk(4), ids => Assert.Contains(31, ids));
        Assert.All(built.Ids.Zip(built.Labels), t => Assert.Equal(t.First == 31, t.Second != 0));
        Assert.InRange(built.Labels.Count(label => label == 0), 100, 190);
    }

    private OnlineBatch Batch(SequentialObjective objective) =>
        new(OnlineHarness.Options.Config with { Objective = objective }, _vocabulary, new(1));
}
