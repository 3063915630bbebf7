namespace CourseRec.Training.Data;

/// <summary>The formats of interactions that are read; recognised from a file's content, never from its name.</summary>
public enum InteractionFormat
{
    /// <summary>One line a user, <c>user course course …</c>, in order. No times.</summary>
    Sequences,

    /// <summary>One line an interaction, <c>user course</c>, in the order of the file. No times.</summary>
    Pairs,

    /// <summary>
    /// MovieLens: one line an interaction, <c>user::item::rating::timestamp</c>. Every rating counts.
    /// </summary>
    MovieLens,

    /// <summary>
    /// A header that names the columns (user and course, perhaps rating and timestamp), then one line an interaction.
    /// </summary>
    Table,

    /// <summary>CourseRec's own interactions, one JSON object a line; the positive ones build the sequences.</summary>
    JsonLines,
}
