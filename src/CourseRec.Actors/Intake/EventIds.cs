using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CourseRec.Actors.Intake;

/// <summary>
/// Ids for events that came without one: ULIDs (github.com/ulid/spec), 26 characters that sort by time and, within a
/// millisecond, by order of making. Safe for concurrent use.
/// </summary>
public sealed class EventIds(TimeProvider time)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private readonly Lock _making = new();
    private long _lastTime;
    private UInt128 _last;

    /// <summary>A new id, greater than every one before.</summary>
    public string Next()
    {
        UInt128 id;
        lock (_making)
            id = _last = Following(time.GetUtcNow().ToUnixTimeMilliseconds());
        return string.Create(26, id, Encode);
    }

    private UInt128 Following(long now)
    {
        if (now <= _lastTime)
            return _last + 1;
        _lastTime = now;
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        var low = BinaryPrimitives.ReadUInt128BigEndian(random) & ((UInt128.One << 79) - 1);
        return (UInt128)now << 80 | low;
    }

    private static void Encode(Span<char> text, UInt128 id)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Alphabet[(int)(id & 31)];
            id >>= 5;
        }
    }
}
