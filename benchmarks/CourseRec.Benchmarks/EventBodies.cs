using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CourseRec.Benchmarks;

/// <summary>
/// Requests of 1,000 events that cost the load generator next to nothing: one template, whose ids, users and courses
/// are overwritten in place. Belongs to one connection.
/// </summary>
internal sealed class EventBodies
{
    /// <summary>Events in one request.</summary>
    public const int EventsPerRequest = 1000;

    private const int CourseCount = 500;
    private const string IdDigits = "0000000000000000";
    private const string UserDigits = "000000";
    private const string CourseDigits = "000";

    /// <summary>Two in ten enrol; the rest look and click.</summary>
    private static readonly string[] Types = ["view", "click", "view", "click", "enroll"];

    private readonly byte[] _body;
    private readonly (int Id, int User, int Course)[] _places = new (int, int, int)[EventsPerRequest];
    private readonly Random _random;
    private readonly int _users;
    private ulong _next;

    /// <summary>A stream of requests.</summary>
    /// <param name="connection">Keeps the ids of different connections apart.</param>
    /// <param name="users">Users among whom the events fall, at most a million.</param>
    /// <param name="time">The events' time.</param>
    public EventBodies(int connection, int users, DateTimeOffset time)
    {
        _random = new Random(connection);
        _users = users;
        _next = (ulong)connection << 40;
        var text = new StringBuilder("[");
        var stamp = time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        for (var i = 0; i < EventsPerRequest; i++)
        {
            text.Append(i == 0 ? "" : ",").Append("{\"id\":\"");
            var id = text.Length;
            text.Append(IdDigits).Append("\",\"user\":\"bench-");
            var user = text.Length;
            text.Append(UserDigits).Append("\",\"course\":\"c");
            var course = text.Length;
            text.Append(CourseDigits)
                .Append(
                    CultureInfo.InvariantCulture,
                    $"\",\"type\":\"{Types[i % Types.Length]}\",\"time\":\"{stamp}\"}}"
                );
            _places[i] = (id, user, course);
        }
        _body = Encoding.ASCII.GetBytes(text.Append(']').ToString());
    }

    /// <summary>The next request; valid until the one after it.</summary>
    public ReadOnlyMemory<byte> Next()
    {
        foreach (var (id, user, course) in _places)
        {
            Utf8Formatter.TryFormat(_next++, _body.AsSpan(id, IdDigits.Length), out _, new('x', 16));
            Write(_random.Next(_users), user, UserDigits.Length);
            var popular = _random.NextDouble();
            Write((int)(popular * popular * CourseCount), course, CourseDigits.Length);
        }
        return _body;
    }

    private void Write(int number, int at, int digits) =>
        Utf8Formatter.TryFormat(number, _body.AsSpan(at, digits), out _, new('D', (byte)digits));
}
