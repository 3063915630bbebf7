using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseRec.Cli;

namespace CourseRec.Benchmarks.Harness;

/// <summary>
/// A script that is carried in this program, in a process of its own interpreter and with a folder of its own: one
/// JSON command a line to it, one JSON line back.
/// </summary>
internal sealed class ScriptPeer : IDisposable
{
    private readonly string _name;
    private readonly Process _process;

    private ScriptPeer(string name, Process process, DirectoryInfo folder) =>
        (_name, _process, Folder) = (name, process, folder);

    /// <summary>Where it and its files lie; removed in the end.</summary>
    public DirectoryInfo Folder { get; }

    /// <summary>Starts it.</summary>
    /// <param name="name">What it is called in messages, as <c>The PyTorch peer</c>.</param>
    /// <param name="interpreter">The interpreter.</param>
    /// <param name="script">The script's name.</param>
    /// <param name="environment">Variables to set.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The interpreter can't be run.</exception>
    public static ScriptPeer Start(
        string name,
        string interpreter,
        string script,
        params ReadOnlySpan<(string Name, string Value)> environment
    )
    {
        var folder = Directory.CreateTempSubdirectory("courserec-peer-");
        try
        {
            var start = new ProcessStartInfo(interpreter, [Unpack(script, folder)])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
            foreach (var (variable, value) in environment)
                start.Environment[variable] = value;
            return new(name, Process.Start(start)!, folder);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="CliException">It failed, or has ended; the message says which.</exception>
    public JsonNode Ask(JsonObject command)
    {
        try
        {
            _process.StandardInput.WriteLine(command.ToJsonString());
        }
        catch (IOException)
        {
            throw Ended();
        }
        var answer = Read();
        return answer["problem"] is { } problem
            ? throw new CliException($"{_name} failed to {command["do"]}: {problem}.")
            : answer;
    }

    /// <summary>Waits for a line of it.</summary>
    /// <exception cref="CliException">It has ended.</exception>
    public JsonNode Read() => _process.StandardOutput.ReadLine() is { } line ? JsonNode.Parse(line)! : throw Ended();

    /// <summary>Ends it.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        Folder.Delete(recursive: true);
    }

    private CliException Ended() => new($"{_name} has ended: what it said itself stands above.");

    private static string Unpack(string script, DirectoryInfo folder)
    {
        var path = Path.Combine(folder.FullName, script);
        using var source = typeof(ScriptPeer).Assembly.GetManifestResourceStream(script)!;
        using var file = File.Create(path);
        source.CopyTo(file);
        return path;
    }
}
