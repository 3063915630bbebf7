namespace CourseRec.SystemTests.Harness;

/// <summary>Where things are: these tests run the program that <c>./build</c> made, as a user would.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Program { get; } = FindProgram();

    /// <summary>The folder that <see cref="Program"/> runs from.</summary>
    public static string ProgramFolder { get; } = Path.Combine(Root, "artifacts", "bin", "CourseRec.Node", "release");

    /// <summary>Copies the program as it is on a machine without libtorch; answers what to start.</summary>
    public static string CopyWithoutLibtorch(string folder) => CopyWithout("libcourserec_native.so", folder);

    /// <summary>
    /// Copies the program as it is on a machine that the native Kafka client is not made for; answers what to start.
    /// </summary>
    public static string CopyWithoutLibrdkafka(string folder) => CopyWithout("librdkafka", folder);

    /// <summary>Copies the program away from the repository; answers what to start.</summary>
    public static string CopyTo(string folder) => CopyWithout(null, folder);

    private static string CopyWithout(string? library, string folder)
    {
        foreach (var file in Directory.GetFiles(ProgramFolder, "*", SearchOption.AllDirectories))
        {
            if (library is not null && Path.GetFileName(file).Contains(library, StringComparison.Ordinal))
                continue;
            var copy = Path.Combine(folder, Path.GetRelativePath(ProgramFolder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return Path.Combine(folder, "CourseRec.Node");
    }

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
