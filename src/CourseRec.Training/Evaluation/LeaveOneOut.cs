using CourseRec.Training.Data;

namespace CourseRec.Training.Evaluation;

/// <summary>Which of a user's interactions is to be predicted.</summary>
public enum EvaluationPart
{
    /// <summary>The last but one, from those before it: chooses between models.</summary>
    Validation,

    /// <summary>The last, from all before it: judges a model.</summary>
    Test,
}

/// <summary>
/// The leave-one-out split: a user's last interaction is the test, the one before it the validation, the rest is for
/// training. Users with fewer than three only train, with all they have.
/// </summary>
public sealed class LeaveOneOut
{
    /// <summary>Users with fewer interactions are never judged.</summary>
    public const int MinLength = 3;

    private readonly int[] _judged;

    /// <summary>Splits a data set; nothing is copied.</summary>
    public LeaveOneOut(InteractionDataset data)
    {
        Data = data;
        _judged = [.. Enumerable.Range(0, data.Users.Count).Where(IsJudged)];
        TrainingEvents = data.Events - 2 * _judged.Length;
    }

    /// <summary>What is split.</summary>
    public InteractionDataset Data { get; }

    /// <summary>The users with a validation and a test interaction, ascending.</summary>
    public ReadOnlySpan<int> Judged => _judged;

    /// <summary>Interactions for training.</summary>
    public int TrainingEvents { get; }

    /// <summary>Whether a user is judged.</summary>
    public bool IsJudged(int user) => Data.Sequence(user).Length >= MinLength;

    /// <summary>What may be learned from a user, oldest first.</summary>
    public ReadOnlySpan<int> Training(int user) => IsJudged(user) ? Data.Sequence(user)[..^2] : Data.Sequence(user);

    /// <summary>
    /// What is known of a judged user when the part's interaction is to be predicted, oldest first; at least one.
    /// </summary>
    public ReadOnlySpan<int> History(int user, EvaluationPart part) =>
        part == EvaluationPart.Test ? Data.Sequence(user)[..^1] : Data.Sequence(user)[..^2];

    /// <summary>The interaction to be predicted of a judged user.</summary>
    public int Target(int user, EvaluationPart part) => Data.Sequence(user)[part == EvaluationPart.Test ? ^1 : ^2];

    /// <summary>Each course's interactions in the training part, [courses].</summary>
    public int[] CountTraining()
    {
        var counts = new int[Data.Courses.Count];
        for (var user = 0; user < Data.Users.Count; user++)
            foreach (var course in Training(user))
                counts[course]++;
        return counts;
    }

    /// <summary>Refuses data from which nothing can be learned or judged.</summary>
    /// <param name="name">The file, for the message.</param>
    /// <exception cref="InteractionDataException">There is one user, one course, or nobody with three
    /// interactions.</exception>
    public void Validate(string name)
    {
        var lack =
            Data.Users.Count < 2 ? "one user; two are the least"
            : Data.Courses.Count < 2 ? "one course; two are the least"
            : _judged.Length == 0 ? "no user with three interactions: one to learn from, one to validate, one to test"
            : null;
        if (lack is not null)
            throw new InteractionDataException($"{name} has {lack}.");
    }
}
