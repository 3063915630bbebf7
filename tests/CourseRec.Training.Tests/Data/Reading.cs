using CourseRec.Training.Data;

namespace CourseRec.Training.Tests.Data;

internal static class Reading
{
    public static InteractionDataset Read(string text)
    {
        using var file = new TemporaryFile(text);
        return InteractionDataset.Read(file.Path);
    }

    /// <summary>The message of the refusal, without the file's name in front.</summary>
    public static string Refusal(string text)
    {
        using var file = new TemporaryFile(text);
        var error = Assert.Throws<InteractionDataException>(() => InteractionDataset.Read(file.Path));
        Assert.StartsWith(file.Path, error.Message, StringComparison.Ordinal);
        return error.Message[file.Path.Length..];
    }

    /// <summary>A data set as text: <c>user: course course; user: …</c>.</summary>
    public static string Show(this InteractionDataset data) =>
        string.Join(
            "; ",
            data.Users.Select(
                (id, user) => $"{id}: {string.Join(' ', data.Sequence(user).ToArray().Select(c => data.Courses[c]))}"
            )
        );
}
