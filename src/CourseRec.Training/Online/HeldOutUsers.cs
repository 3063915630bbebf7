namespace CourseRec.Training.Online;

/// <summary>Which users never train: a share of them, by bits of their hash that nothing else goes by.</summary>
internal readonly struct HeldOutUsers(double share)
{
    private const ulong Salt = 0x6865_6C64_2D6F_7574; // "held-out"

    private readonly ulong _below = (ulong)(share * (1UL << 53));

    /// <summary>Whether a user is one of them; the same on every node and in every run.</summary>
    public bool Contains(ulong user) => Mix(user ^ Salt) >> 11 < _below;

    /// <summary>The finaliser of splitmix64: every bit of the result depends on every bit of x.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
