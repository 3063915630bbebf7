namespace CourseRec.Node.Bench.Cluster;

/// <summary>What a browser saw of a user. Safe for concurrent use.</summary>
/// <param name="name">The user.</param>
internal sealed class WatchedUser(string name)
{
    private readonly Lock _seeing = new();
    private readonly List<Push> _pushes = [];
    private readonly Queue<string> _story = new();
    private const int StoryKept = 20;
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

    /// <summary>The longest time without a list between two moments; up to the second when none came any more.</summary>
    public TimeSpan LongestGap(long from, long to)
    {
        var longest = 0L;
        var last = from;
        foreach (var push in PushesSince(from).TakeWhile(push => push.At <= to))
        {
            longest = Math.Max(longest, push.At - last);
            last = push.At;
        }
        return TimeSpan.FromMilliseconds(Math.Max(longest, to - last));
    }

    /// <summary>What the browser went through lately, for messages.</summary>
    public string Story
    {
        get
        {
            lock (_seeing)
                return string.Join("; ", _story);
        }
    }

    /// <summary>Takes what a browser saw.</summary>
    public void See(long at, string kind, string? detail)
    {
        lock (_seeing)
        {
            _story.Enqueue($"{at % 1_000_000} {kind} {detail}".TrimEnd());
            if (_story.Count > StoryKept)
                _story.Dequeue();
            if (kind == "list")
                Take(new(at, long.Parse(detail!, System.Globalization.CultureInfo.InvariantCulture)));
            else if (kind == "connected")
                (_connection, Connections) = (long.MinValue, Connections + 1);
        }
    }

    private void Take(Push push)
    {
        if (push.Offset < _connection)
            WentBack ??= $"{Name} saw offset {push.Offset} after {_connection} on one connection";
        _connection = push.Offset;
        _pushes.Add(push);
    }
}

/// <summary>A list that came.</summary>
/// <param name="At">When, Unix milliseconds.</param>
/// <param name="Offset">The offset that it reflects.</param>
internal readonly record struct Push(long At, long Offset);
