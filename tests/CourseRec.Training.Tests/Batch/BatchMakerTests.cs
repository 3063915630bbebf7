using CourseRec.Models.Sequential;
using CourseRec.Training.Batch;

namespace CourseRec.Training.Tests.Batch;

public class BatchMakerTests
{
    private static readonly int[][] Sequences =
    [
        .. Enumerable.Range(1, 40).Select(length => Enumerable.Range(1, length).ToArray()),
    ];

    private static BatchMaker Maker(
        SequentialObjective objective,
        BatchTrainerOptions? options = null,
        int length = 10
    ) =>
        new(
            Sequences,
            new() { Objective = objective, MaxLength = length },
            courses: 50,
            options ?? new() { BatchSize = 7 }
        );

    [Theory]
    [InlineData(SequentialObjective.NextItem, 39)]
    [InlineData(SequentialObjective.Cloze, 40)]
    public void An_epoch_has_every_user_that_can_be_learned_from_once(SequentialObjective objective, int users)
    {
        var plan = Maker(objective).Plan(3);

        Assert.Equal(Enumerable.Range(40 - users, users), plan.SelectMany(batch => batch).Order());
        Assert.All(plan, batch => Assert.InRange(batch.Length, 1, 7));
    }

    [Fact]
    public void The_same_epoch_and_number_make_the_same_batch_and_others_do_not()
    {
        var maker = Maker(SequentialObjective.Cloze);
        Assert.Equal(maker.Plan(1), maker.Plan(1));
        Assert.NotEqual(maker.Plan(1), maker.Plan(2));
        int[] users = [20, 21, 22, 23];
        Assert.Equal(maker.Make(users, 1, 2).Ids, maker.Make(users, 1, 2).Ids);
        Assert.NotEqual(maker.Make(users, 1, 2).Ids, maker.Make(users, 1, 3).Ids);
    }

    [Fact]
    public void A_next_item_batch_shifts_by_one_and_pads_on_the_left()
    {
        var batch = Maker(SequentialObjective.NextItem).Make([1, 3], 0, 0);

        Assert.Equal(3, batch.Length);
        Assert.Equal([0, 0, 1, 1, 2, 3], batch.Ids);
        Assert.Equal([0, 0, 2, 2, 3, 4], batch.Labels);
    }

    [Fact]
    public void A_long_user_is_seen_through_its_last_window_or_a_random_one()
    {
        var last = Maker(SequentialObjective.NextItem, new() { WindowShare = 0 });
        var random = Maker(SequentialObjective.NextItem, new() { WindowShare = 1 });

        Assert.Equal(Enumerable.Range(30, 10), last.Make([39], 0, 0).Ids);
        var starts = Enumerable.Range(0, 200).Select(number => random.Make([39], 0, number).Ids[0]).Distinct().Order();
        Assert.Equal(Enumerable.Range(1, 30), starts);
    }

    [Fact]
    public void Cloze_masks_a_share_of_the_courses_and_always_at_least_one()
    {
        var maker = Maker(SequentialObjective.Cloze, new() { LastOnlyShare = 0, MaskShare = 0.2 }, length: 40);
        var (masked, all) = (0, 0);
        for (var number = 0; number < 300; number++)
        {
            var batch = maker.Make([39, 0], 0, number);
            Assert.Contains(51, batch.Ids[40..]);
            for (var i = 0; i < 40; i++)
                Assert.Equal(i + 1, batch.Ids[i] == 51 ? batch.Labels[i] : batch.Ids[i] - batch.Labels[i]);
            masked += batch.Labels[..40].Count(label => label > 0);
            all += 40;
        }
        Assert.InRange(masked / (double)all, 0.18, 0.22);
    }

    [Fact]
    public void Cloze_can_mask_the_last_course_alone()
    {
        var maker = Maker(SequentialObjective.Cloze, new() { LastOnlyShare = 1 });

        var batch = maker.Make([4], 0, 0);

        Assert.Equal([1, 2, 3, 4, 51], batch.Ids);
        Assert.Equal([0, 0, 0, 0, 5], batch.Labels);
    }

    [Fact]
    public void Users_without_anything_to_learn_are_refused_together()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new BatchMaker(
                [
                    [1],
                    [],
                ],
                new(),
                5,
                new()
            )
        );
        Assert.Equal(
            "There is nothing to learn from: no user has two interactions beside those held out.",
            error.Message
        );
    }
}
