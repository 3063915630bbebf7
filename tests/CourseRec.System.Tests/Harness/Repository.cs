namespace CourseRec.SystemTests.Harness;

/// <summary>Where things are: these tests run the program that <c>./build</c> made, as a user would.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Program { get; } = FindProgram();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CourseRec.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("CourseRec.sln is not above the tests.");
        return folder.FullName;
    }

    private static string FindProgram()
    {
        var path = Path.Combine(Root, "bin", "courserec");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: run ./build first.");
    }
}
