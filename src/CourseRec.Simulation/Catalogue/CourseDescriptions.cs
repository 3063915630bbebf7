namespace CourseRec.Simulation.Catalogue;

/// <summary>One sentence about a course, from its topic, track and level.</summary>
internal static class CourseDescriptions
{
    /// <summary>The description; the same for the same course always.</summary>
    public static string Of(PlannedCourse course)
    {
        var variant = course.Id.Sum(character => character) % 4;
        var fromNothing = course.Prerequisites.Count == 0;
        var (topic, track) = (course.Topic, course.Track);
        var opening = Curriculum.Capitalised(topic);
        return (course.Level, variant) switch
        {
            (1, 0) when fromNothing => $"{opening}: start from nothing and take one small step a week.",
            (1, 1) when fromNothing => $"{opening}, with plenty of examples and no previous knowledge needed.",
            (1, < 2) =>
                $"A gentle start in {track}: {topic}, with short lessons and exercises that you can check yourself.",
            (1, 2) => $"Your first steps in {track}: {topic}, explained without jargon.",
            (1, _) => $"Short lessons and many exercises in {track}: {topic}.",
            (2, 0) => $"Go beyond the basics of {track}: {topic}, with worked examples and a project.",
            (2, 1) => $"{opening}: six weeks of problems, discussion and feedback.",
            (2, 2) => $"Build on what you know about {track}: {topic}, through case studies.",
            (2, _) => $"{opening}, for learners who have taken their first steps in {track}.",
            (_, 0) => $"An in-depth course for learners who are at home in {track}: {topic}.",
            (_, 1) => $"{opening}: a demanding course with readings, problem sets and a final project.",
            (_, 2) => $"{opening}, at the level of current practice.",
            _ => $"An advanced seminar in {track}: {topic}.",
        };
    }
}
