using CourseRec.Node.Hosting;
using CourseRec.Node.Options;

namespace CourseRec.Cli.Targets;

/// <summary>Chooses where events go.</summary>
public static class EventTargets
{
    /// <summary>
    /// The node at an address; else the one that runs on the folder; else the whole pipeline in this process.
    /// </summary>
    public static async Task<IEventTarget> OpenAsync(Uri? url, string dataDir, CancellationToken cancel)
    {
        if (FindNode(url, dataDir) is { } node)
            return new HttpTarget(node, TimeProvider.System);
        var target = await InProcessTarget.OpenAsync(OptionsOf(dataDir), TimeProvider.System, cancel);
        await Console.Error.WriteLineAsync(InProcessTarget.Note);
        return target;
    }

    /// <summary>
    /// The address named by the user, or that of the node running on the folder; null when none runs.
    /// </summary>
    public static Uri? FindNode(Uri? named, string dataDir) =>
        named ?? (Directory.Exists(dataDir) && DataDirectory.FindNode(dataDir) is { } node ? new Uri(node.Url) : null);

    /// <summary>A node's options on a data folder.</summary>
    public static NodeOptions OptionsOf(string dataDir, params IEnumerable<KeyValuePair<string, string?>> flags) =>
        NodeOptionsReader.Load([new("DataDir", dataDir), .. flags]);
}
