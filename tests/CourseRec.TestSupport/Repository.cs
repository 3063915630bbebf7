namespace CourseRec.TestSupport;

/// <summary>Where things are.</summary>
public static class Repository
{
    private const string Mark = "CourseRec.slnx";

    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The path of a file or folder, named from the root.</summary>
    public static string PathOf(params ReadOnlySpan<string> names) => Path.Combine([Root, .. names]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, Mark)))
            folder = folder.Parent ?? throw new InvalidOperationException($"{Mark} is not above the tests.");
        return folder.FullName;
    }
}
