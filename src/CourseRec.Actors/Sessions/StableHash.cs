namespace CourseRec.Actors.Sessions;

/// <summary>A 64-bit hash that is the same in every process: it is stored with sessions. Never change it.</summary>
public static class StableHash
{
    /// <summary>FNV-1a over the UTF-16 characters, finished with MurmurHash3's 64-bit mixer.</summary>
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
