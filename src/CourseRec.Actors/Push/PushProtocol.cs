using Akka.Actor;

namespace CourseRec.Actors.Push;

/// <summary>A client has connected; answered with the connection's actor.</summary>
/// <param name="User">Whose connection it is.</param>
/// <param name="Channel">The way to the client.</param>
internal sealed record OpenConnection(string User, IPushChannel Channel);

/// <summary>
/// The client wants the user's lists. Answered with <see cref="Partitions.Watching"/>, or
/// <see cref="Partitions.Refusal"/> when there is a reason that does not pass.
/// </summary>
/// <param name="Count">Courses in a list.</param>
internal sealed record Subscribe(int Count);

/// <summary>The client wants no more lists. Not answered.</summary>
internal sealed record Unsubscribe
{
    public static Unsubscribe It { get; } = new();
}
