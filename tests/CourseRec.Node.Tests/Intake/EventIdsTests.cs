using CourseRec.Actors.Intake;

namespace CourseRec.Node.Tests.Intake;

public sealed class EventIdsTests
{
    [Fact]
    public void Ids_are_unique_and_sort_in_the_order_of_making()
    {
        var ids = new EventIds(TimeProvider.System);
        var made = Enumerable.Range(0, 10_000).Select(_ => ids.Next()).ToArray();
        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(made.Length, made.Distinct().Count());
        Assert.All(made, id => Assert.Equal(26, id.Length));
    }
}
