namespace CourseRec.Models.Instant;

/// <summary>How features and histories are numbered.</summary>
internal static class InstantFeatures
{
    /// <summary>Features in all.</summary>
    public const int Count = (int)InstantFeature.Seen + 1;

    /// <summary>The first that depends on the snapshot alone.</summary>
    public const int FirstStatic = (int)InstantFeature.Popularity;

    /// <summary>How many depend on the snapshot alone.</summary>
    public const int StaticCount = FirstSparse - FirstStatic;

    /// <summary>The first that is 0 but for what the history touches.</summary>
    public const int FirstSparse = (int)InstantFeature.Blend;

    /// <summary>How many are 0 but for what the history touches.</summary>
    public const int SparseCount = Count - FirstSparse;

    /// <summary>ε of the shares: what a course that nobody takes is taken for.</summary>
    public const float Nothing = 1e-5f;

    /// <summary>The history lengths of each bucket.</summary>
    public static IReadOnlyList<string> Buckets { get; } = ["0", "1", "2-3", "4-7", "8-15", "16+"];

    /// <summary>The names of the features, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<InstantFeature>().Select(Lower)];

    /// <summary>The bucket of a history: by its length's power of two.</summary>
    public static int BucketOf(int historyLength) =>
        historyLength == 0 ? 0 : Math.Min(int.Log2(historyLength) + 1, Buckets.Count - 1);

    private static string Lower(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
