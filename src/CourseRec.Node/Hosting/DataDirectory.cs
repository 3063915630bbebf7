using System.Text.Json;
using System.Text.Json.Serialization;

namespace CourseRec.Node.Hosting;

/// <summary>The data folder, held by one process at a time until disposed of.</summary>
public sealed class DataDirectory : IDisposable
{
    private const string NodeFile = "node.json";
    private const string LockFile = "lock";
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>The file of the embedded log.</summary>
    public string LogPath => LogPathOf(Path);

    /// <summary>The file of the embedded session store.</summary>
    public string StorePath => StorePathOf(Path);

    /// <summary>The folder of the learning model's checkpoints.</summary>
    public string ModelPath => System.IO.Path.Combine(Path, "model");

    /// <summary>The file of the embedded log in a data folder.</summary>
    public static string LogPathOf(string path) => System.IO.Path.Combine(path, "log.db");

    /// <summary>The file of the embedded session store in a data folder.</summary>
    public static string StorePathOf(string path) => System.IO.Path.Combine(path, "sessions.db");

    /// <summary>Takes hold of a folder, making it when missing.</summary>
    /// <exception cref="DataDirectoryException">Another process holds it, or it can't be used.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(path);
            var held = TryLock(path);
            if (held is null)
                throw new DataDirectoryException(
                    $"The data directory {path} is in use by another node{Running(path)}. Stop it, or choose "
                        + "another with --data-dir."
                );
            return new(path, held);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"The data directory {path} can't be used: {e.Message}");
        }
    }

    /// <summary>The node that holds a folder now; null when none does.</summary>
    public static NodeInfo? FindNode(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!File.Exists(System.IO.Path.Combine(path, LockFile)))
            return null;
        using var free = TryLock(path);
        return free is null ? ReadInfo(path) : null;
    }

    /// <summary>Says where this process serves, for <see cref="FindNode"/>.</summary>
    public void Announce(string url)
    {
        var file = System.IO.Path.Combine(Path, NodeFile);
        var info = new NodeInfo(Environment.ProcessId, url);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(info, NodeInfoJson.Default.NodeInfo) + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        File.Delete(System.IO.Path.Combine(Path, NodeFile));
        _lock.Dispose();
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(
                System.IO.Path.Combine(path, LockFile),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException e)
            when (e.GetType() == typeof(IOException) && File.Exists(System.IO.Path.Combine(path, LockFile)))
        {
            return null;
        }
    }

    private static NodeInfo? ReadInfo(string path)
    {
        try
        {
            var json = File.ReadAllBytes(System.IO.Path.Combine(path, NodeFile));
            return JsonSerializer.Deserialize(json, NodeInfoJson.Default.NodeInfo);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Running(string path) =>
        ReadInfo(path) is { } node ? $" (process {node.Pid}, {node.Url})" : "";
}

/// <summary>A running node, as <c>node.json</c> in its data folder says.</summary>
/// <param name="Pid">Its process id.</param>
/// <param name="Url">Where it serves.</param>
public sealed record NodeInfo(int Pid, string Url);

/// <summary>The data folder can't be used; one line says why and what to do.</summary>
public sealed class DataDirectoryException(string message) : Exception(message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NodeInfo))]
internal sealed partial class NodeInfoJson : JsonSerializerContext;
