using System.Globalization;

namespace CourseRec.Processes;

/// <summary>What a browser saw of a user. Safe for concurrent use.</summary>
/// <param name="name">The user.</param>
public sealed class WatchedUser(string name)
{
    private const int StoryKept = 20;
    private readonly Lock _seeing = new();
    private readonly List<Push> _pushes = [];
    private readonly List<Change> _changes = [];
    private readonly Queue<string> _story = new();
    private long _connection = long.MinValue;

    /// <summary>The user.</summary>
    public string Name { get; } = name;

    /// <summary>The last list; null before the first.</summary>
    public Push? Last
    {
        get
        {
            lock (_seeing)
                return _pushes.Count == 0 ? null : _pushes[^1];
        }
    }

    /// <summary>Connections had.</summary>
    public int Connections { get; private set; }

    /// <summary>Whether the connection ended, and no list has come since.</summary>
    public bool IsAway { get; private set; }

    /// <summary>An offset that went back on a connection, in words; null when none ever did.</summary>
    public string? WentBack { get; private set; }

    /// <summary>Every list since a moment, in order.</summary>
    public Push[] PushesSince(long at)
    {
        lock (_seeing)
        {
            var first = _pushes.Count;
            while (first > 0 && _pushes[first - 1].At >= at)
                first--;
            return [.. _pushes[first..]];
        }
    }

    /// <summary>Everything that became of the connection since a moment, in order.</summary>
    public Change[] ChangesSince(long at)
    {
        lock (_seeing)
            return [.. _changes.Where(change => change.At >= at)];
    }

    /// <summary>The times without a list from a moment on, up to the last list.</summary>
    public IEnumerable<(long From, long To)> GapsSince(long at)
    {
        foreach (var push in PushesSince(at))
        {
            yield return (at, push.At);
            at = push.At;
        }
    }

    /// <summary>What the browser went through lately, for messages.</summary>
    public string Story
    {
        get
        {
            lock (_seeing)
            {
                var last =
                    _pushes.Count == 0 ? "no list" : $"last list {Clock(_pushes[^1].At)}, offset {_pushes[^1].Offset}";
                return $"{last}; {string.Join("; ", _story)}";
            }
        }
    }

    /// <summary>Takes what a browser saw.</summary>
    public void See(long at, string kind, string? detail)
    {
        lock (_seeing)
        {
            if (kind == "list")
                Take(new(at, long.Parse(detail!, CultureInfo.InvariantCulture)));
            else
                Tell(at, kind, detail);
            if (kind is "list" or "reconnecting" or "closed")
                IsAway = kind != "list";
            if (kind == "connected")
                (_connection, Connections) = (long.MinValue, Connections + 1);
        }
    }

    private void Tell(long at, string kind, string? detail)
    {
        _changes.Add(new(at, kind, detail));
        _story.Enqueue($"{Clock(at)} {kind} {detail}".TrimEnd());
        if (_story.Count > StoryKept)
            _story.Dequeue();
    }

    private static string Clock(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private void Take(Push push)
    {
        if (push.Offset < _connection)
            WentBack ??= $"{Name} saw offset {push.Offset} after {_connection} on one connection";
        _connection = push.Offset;
        _pushes.Add(push);
    }
}

/// <summary>Something that became of a connection.</summary>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Kind"><c>connected</c>, <c>reconnecting</c>, <c>closed</c> or <c>error</c>.</param>
/// <param name="Detail">Why; null when it was not said.</param>
public readonly record struct Change(long At, string Kind, string? Detail);

/// <summary>A list that came.</summary>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Offset">The offset that it reflects.</param>
public readonly record struct Push(long At, long Offset);
