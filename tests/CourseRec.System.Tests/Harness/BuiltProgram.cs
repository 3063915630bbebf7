namespace CourseRec.SystemTests.Harness;

/// <summary>These tests run the program that <c>./build</c> made, as a user would.</summary>
internal static class BuiltProgram
{
    private const string Cli = "CourseRec.Cli";
    private const string Benchmarks = "CourseRec.Benchmarks";

    /// <summary>Copies the command line as it is on a machine without libtorch; answers what to start.</summary>
    public static string CopyWithoutLibtorch(string folder) => Copy(Cli, folder, "libcourserec_native.so");

    /// <summary>
    /// Copies the command line as it is on a machine that the native Kafka client is not made for; answers what to
    /// start.
    /// </summary>
    public static string CopyWithoutLibrdkafka(string folder) => Copy(Cli, folder, "librdkafka");

    /// <summary>Copies the benchmarks away from the repository; answers what to start.</summary>
    public static string CopyBenchmarks(string folder) => Copy(Benchmarks, folder, without: null);

    private static string Copy(string program, string folder, string? without)
    {
        var built = Repository.PathOf("artifacts", "bin", program, "release");
        foreach (var file in Directory.GetFiles(built, "*", SearchOption.AllDirectories))
        {
            if (without is not null && Path.GetFileName(file).Contains(without, StringComparison.Ordinal))
                continue;
            var copy = Path.Combine(folder, Path.GetRelativePath(built, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return Path.Combine(folder, program);
    }
}
