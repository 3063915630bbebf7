using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CourseRec.Benchmarks.Harness;
using CourseRec.Cli;
using CourseRec.Training.Native;

namespace CourseRec.Benchmarks.Model;

/// <summary>
/// The same model in plain PyTorch (pytorch_peer.py), in a Python process of its own: one JSON command a line to it,
/// one JSON line back.
/// </summary>
internal sealed class PyTorchPeer : IDisposable
{
    private const string Script = "pytorch_peer.py";
    private const string Advice =
        "CourseRec is measured alone. For the comparison: apt-get install python3-torch, or pip install torch and "
        + "name that Python with --python";

    private readonly ScriptPeer _peer;

    private PyTorchPeer(ScriptPeer peer, string version) => (_peer, Version) = (peer, version);

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Starts it.</summary>
    /// <param name="python">The interpreter.</param>
    /// <returns>The peer, or null and why there is none, in one line with what to do.</returns>
    public static (PyTorchPeer? Peer, string? Problem) Start(string python)
    {
        ScriptPeer? peer = null;
        try
        {
            peer = ScriptPeer.Start("The PyTorch peer", python, Script);
            var hello = peer.Read();
            if (hello["torch"] is { } version)
                return (new(peer, (string)version!), null);
            peer.Dispose();
            return (null, $"'{python}' has no PyTorch ({hello["problem"]}): {Advice}.");
        }
        catch (Exception e) when (e is Win32Exception or CliException)
        {
            peer?.Dispose();
            return (null, $"'{python}' can't be run: {Advice}.");
        }
    }

    /// <summary>Gives it a task: weights, queries, batches.</summary>
    public void Load(ModelTask task)
    {
        var path = Path.Combine(_peer.Folder.FullName, "parameters");
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(task.Parameters.Values.AsSpan()));
        var tensors = task.Parameters.Layout.Tensors.Select(t => new JsonArray(t.Name, t.Length));
        Ask(
            "load",
            ("shape", ShapeOf(task)),
            ("courses", task.Courses),
            ("dropout", ModelTraining.Dropout),
            ("parameters", path),
            ("tensors", new JsonArray([.. tensors])),
            ("queries", Rows(task.Histories.Select(task.Tokens))),
            ("excluded", Rows(task.Excluded.Select(courses => courses.Select(course => course + 1)))),
            ("batches", new JsonObject { ["training"] = BatchesOf(task.Training), ["online"] = BatchesOf(task.Online) })
        );
    }

    /// <summary>Sends a command and waits for its answer.</summary>
    /// <exception cref="CliException">It failed; the message says why.</exception>
    public JsonNode Ask(string what, params ReadOnlySpan<(string Name, JsonNode? Value)> arguments)
    {
        var command = new JsonObject { ["do"] = what };
        foreach (var (name, value) in arguments)
            command[name] = value;
        return _peer.Ask(command);
    }

    /// <summary>Sends a command that measures; answers its times in milliseconds.</summary>
    public double[] Time(string what, params ReadOnlySpan<(string Name, JsonNode? Value)> arguments) =>
        [.. Ask(what, arguments)["ms"]!.AsArray().Select(ms => (double)ms!)];

    /// <summary>Ends it.</summary>
    public void Dispose() => _peer.Dispose();

    private static JsonObject ShapeOf(ModelTask task) =>
        new()
        {
            ["dimension"] = task.Shape.Dimension,
            ["layers"] = task.Shape.Layers,
            ["heads"] = task.Shape.Heads,
            ["feedForward"] = task.Shape.FeedForward,
            ["maxLength"] = task.Shape.MaxLength,
            ["gated"] = task.Shape.Block == Models.Sequential.SequentialBlock.Gated,
            ["causal"] = task.Shape.Objective == Models.Sequential.SequentialObjective.NextItem,
        };

    private static JsonArray BatchesOf(TrainingBatch[] batches) =>
        [
            .. batches.Select(batch => new JsonObject
            {
                ["ids"] = Rows(batch.Ids.Chunk(batch.Length)),
                ["labels"] = Rows(batch.Labels.Chunk(batch.Length)),
            }),
        ];

    private static JsonArray Rows(IEnumerable<IEnumerable<int>> rows) =>
        [.. rows.Select(row => new JsonArray([.. row.Select(value => JsonValue.Create(value))]))];
}
