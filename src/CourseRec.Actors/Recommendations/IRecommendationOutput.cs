namespace CourseRec.Actors.Recommendations;

/// <summary>
/// Takes a new list of every user whose session changed, whoever watches. Several changes folded at once make one
/// list, and while a partition catches up none is made: then each of its users gets the newest.
/// </summary>
public interface IRecommendationOutput
{
    /// <summary>Courses in a list.</summary>
    int Count { get; }

    /// <summary>
    /// Takes a list. Must be quick and must not throw; when there is no room the list is dropped, and counted.
    /// </summary>
    void Post(RecommendationList list);
}
