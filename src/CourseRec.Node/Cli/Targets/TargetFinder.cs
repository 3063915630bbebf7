using System.Diagnostics;
using System.Text.Json;

namespace CourseRec.Node.Cli.Targets;

/// <summary>Finds the node that runs on a data folder, by the <c>node.json</c> that it leaves there while it runs.</summary>
internal static class TargetFinder
{
    /// <summary>The address named by the user, or that of the node running on the folder; null when none runs.</summary>
    public static Uri? Find(Uri? named, string dataDir)
    {
        if (named is not null)
            return named;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataDir, "node.json")));
            return IsRunning(json.RootElement.GetProperty("pid").GetInt32())
                ? new Uri(json.RootElement.GetProperty("url").GetString()!)
                : null;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static bool IsRunning(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
