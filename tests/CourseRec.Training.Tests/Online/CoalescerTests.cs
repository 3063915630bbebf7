using CourseRec.Actors.Learning;
using CourseRec.Training.Online;

namespace CourseRec.Training.Tests.Online;

public class CoalescerTests
{
    private readonly Coalescer _coalescer = new(joins: true);

    [Fact]
    public void A_users_consecutive_examples_become_one_sequence_with_several_targets()
    {
        Add(1, 10, 11);
        Add(2, 50, 51);
        Add(1, 10, 11, 12);
        Add(1, 10, 11, 12, 13);

        var taken = _coalescer.Take(10);

        Assert.Equal([1UL, 2UL], taken.Select(sequence => sequence.User));
        Assert.Equal([10, 11, 12, 13], taken[0].Courses);
        Assert.Equal((3, 1), (taken[0].Fresh, taken[1].Fresh));
        Assert.Equal(0, _coalescer.Count);
    }

    [Fact]
    public void A_window_that_moved_on_still_joins()
    {
        Add(1, 10, 11, 12);
        Add(1, 11, 12, 13);

        var taken = Assert.Single(_coalescer.Take(10));
        Assert.Equal([11, 12, 13], taken.Courses);
        Assert.Equal(2, taken.Fresh);
    }

    [Fact]
    public void A_late_example_stands_alone()
    {
        Add(1, 10, 11, 12);
        Add(1, 10, 99);

        Assert.Equal([1, 1], _coalescer.Take(10).Select(sequence => sequence.Fresh));
    }

    [Fact]
    public void The_oldest_target_keeps_a_course_before_it()
    {
        Add(1, 10, 11);
        Add(1, 11, 12);

        Assert.Equal([1, 1], _coalescer.Take(10).Select(sequence => sequence.Fresh));
    }

    [Fact]
    public void A_forgotten_users_examples_wait_no_longer()
    {
        Add(1, 10, 11);
        Add(2, 50, 51);
        Add(1, 10, 11, 12);
        Add(1, 10, 99);

        Assert.Equal(3, _coalescer.Forget(1));
        Assert.Equal(0, _coalescer.Forget(1));

        Assert.Equal([2UL], _coalescer.Take(10).Select(sequence => sequence.User));
    }

    [Fact]
    public void What_was_taken_is_not_extended()
    {
        Add(1, 10, 11);
        Assert.Single(_coalescer.Take(1));
        Add(1, 10, 11, 12);

        Assert.Equal([1], _coalescer.Take(10).Select(sequence => sequence.Fresh));
    }

    [Fact]
    public void The_queue_refuses_what_goes_beyond_its_capacity_until_something_is_done()
    {
        var queue = new ExampleQueue(2);
        Assert.True(queue.TryAdd(Example(1, 10, 11)) && queue.TryAdd(Example(2, 10, 11)));
        Assert.False(queue.TryAdd(Example(3, 10, 11)));

        Assert.Equal([1UL, 2UL], queue.Drain().Select(example => example.User));
        Assert.False(queue.TryAdd(Example(3, 10, 11)));
        queue.Done(1);

        Assert.True(queue.TryAdd(Example(4, 10, 11)));
        Assert.Equal(2, queue.Outstanding);
        Assert.True(queue.Added.WaitOne(0));
    }

    private static Example Example(ulong user, params int[] courses) => new(user, courses, 0);

    private void Add(ulong user, params int[] courses) => _coalescer.Add(Example(user, courses));
}
