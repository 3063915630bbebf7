using System.Text;

namespace CourseRec.Actors.Intake;

/// <summary>
/// A few users that were active lately, for people to look at. One user a request is noted, so that it costs nothing.
/// </summary>
public sealed class RecentUsers
{
    private const int Kept = 10;
    private readonly Lock _noting = new();
    private readonly List<string> _users = new(Kept + 1);

    /// <summary>The users, the latest first.</summary>
    public IReadOnlyList<string> Latest
    {
        get
        {
            lock (_noting)
                return [.. _users];
        }
    }

    internal void Saw(ReadOnlySpan<byte> utf8)
    {
        var user = Encoding.UTF8.GetString(utf8);
        lock (_noting)
        {
            _users.Remove(user);
            _users.Insert(0, user);
            if (_users.Count > Kept)
                _users.RemoveAt(Kept);
        }
    }

    internal void Forget(string user)
    {
        lock (_noting)
            _users.Remove(user);
    }
}
