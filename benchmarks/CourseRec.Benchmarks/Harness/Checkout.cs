using CourseRec.Cli;

namespace CourseRec.Benchmarks.Harness;

/// <summary>The repository that this program was built in: its scripts start servers, its tools watch users.</summary>
/// <param name="Root">Its folder.</param>
internal sealed record Checkout(string Root)
{
    /// <summary>Finds it above the program.</summary>
    /// <exception cref="CliException">This program was copied away from it.</exception>
    public static Checkout Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "scripts", "kafka")))
            folder = folder.Parent;
        return folder is not null
            ? new(folder.FullName)
            : throw new CliException(
                $"scripts/kafka is in no folder above {AppContext.BaseDirectory}: this benchmark starts a Kafka and "
                    + "a Cassandra of its own with the repository's scripts. Run bin/courserec of a checkout."
            );
    }

    /// <summary>A script.</summary>
    public string Script(string name) => Path.Combine(Root, "scripts", name);

    /// <summary>What watches users as browsers do.</summary>
    public string Watch => Path.Combine(Root, "tools", "watch", "watch.mjs");

    /// <summary>The folder of the page, whose packages the watching needs.</summary>
    public string Page => Path.Combine(Root, "src", "CourseRec.Node", "page");
}
