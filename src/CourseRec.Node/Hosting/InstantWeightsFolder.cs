using System.Buffers;
using CourseRec.Actors.Partitions;
using CourseRec.Models.Instant;

namespace CourseRec.Node.Hosting;

/// <summary>
/// Keeps the instant layers' weights in the data folder, a JSON file for each contender, so that a node that starts
/// again does not begin to weigh anew. A crash forgets what was learned since the last save.
/// </summary>
internal sealed class InstantWeightsFolder(DataDirectory directory, SessionHost sessions, TimeProvider time)
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(30);

    private string Folder => Path.Combine(directory.ModelPath, "instant");

    /// <summary>Hands the saved weights to the session host; before it starts.</summary>
    /// <exception cref="InvalidDataException">A file can't be used; the message names it and says why.</exception>
    public void Restore()
    {
        if (Directory.Exists(Folder))
            sessions.Restore(
                Directory
                    .EnumerateFiles(Folder, "*.json")
                    .ToDictionary(file => Path.GetFileNameWithoutExtension(file), Load)
            );
    }

    /// <summary>Saves now and then, and once more when it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(SaveEvery, time);
        await using var ending = cancel.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
            Save();
        Save();
    }

    private void Save()
    {
        Directory.CreateDirectory(Folder);
        foreach (var (contender, weights) in sessions.InstantWeights)
        {
            var document = new ArrayBufferWriter<byte>();
            weights.Save(document);
            var file = Path.Combine(Folder, $"{contender}.json");
            File.WriteAllBytes(file + ".new", document.WrittenSpan);
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private static InstantWeights Load(string file)
    {
        try
        {
            return InstantWeights.Load(File.ReadAllBytes(file));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{file}' can't be used: {e.Message} Delete it to begin anew.");
        }
    }
}
