namespace CourseRec.Simulation.Catalogue;

/// <summary>One sentence about a course, from its topic, track and level.</summary>
internal static class CourseDescriptions
{
    /// <summary>The description; the same for the same course always.</summary>
    public static string Of(PlannedCourse course)
    {
        var variant = course.Id.Sum(character => character) % 4;
        var (topic, track) = (course.Topic, course.Track);
        return (course.Level, variant) switch
        {
            (1, 0) =>
                $"A gentle introduction to {topic}, with short lessons and exercises that you can check yourself.",
            (1, 1) => $"Start from nothing and get to know {topic}, one small step a week.",
            (1, 2) => $"Your first steps in {track}: {topic}, explained without jargon.",
            (1, _) => $"{Curriculum.Capitalised(topic)}, with plenty of examples and no previous knowledge needed.",
            (2, 0) => $"Go beyond the basics of {track}: {topic}, with worked examples and a project.",
            (2, 1) => $"Six weeks on {topic}, with problems, discussion and feedback.",
            (2, 2) => $"Build on what you know about {track} and explore {topic} through case studies.",
            (2, _) => $"{Curriculum.Capitalised(topic)}, for learners who want to use {track} with confidence.",
            (_, 0) => $"An in-depth course on {topic}, for learners who are at home in {track}.",
            (_, 1) => $"A demanding course on {topic}, with readings, problem sets and a final project.",
            (_, 2) => $"{Curriculum.Capitalised(topic)}, at the level of current practice.",
            _ => $"An advanced seminar in {track}: {topic}.",
        };
    }
}
