namespace CourseRec.Processes;

/// <summary>The repository that this program was built in.</summary>
public static class Repository
{
    private const string Mark = "scripts/kafka";

    /// <summary>Its folder.</summary>
    /// <exception cref="ProcessException">This program was copied away from it.</exception>
    public static string Root => field ??= FindRoot();

    /// <summary>The path of a file or folder, named from the root.</summary>
    public static string PathOf(params ReadOnlySpan<string> names) => Path.Combine([Root, .. names]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, Mark)))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new ProcessException(
                $"{Mark} is in no folder above {AppContext.BaseDirectory}: nodes and servers are started with the "
                    + "repository's scripts. Run bin/courserec of a checkout."
            );
    }
}
