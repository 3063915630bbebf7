using System.Globalization;
using CourseRec.Node.Hosting;

namespace CourseRec.Node.Simulation;

/// <summary>
/// How many events a seed's simulation has made, kept in the data folder. A little old after a crash, which does no
/// harm.
/// </summary>
internal sealed class SimulationPosition
{
    private readonly string _file;
    private long _saved;

    public SimulationPosition(DataDirectory directory, int seed)
    {
        _file = Path.Combine(directory.Path, $"simulation-{seed}");
        if (File.Exists(_file) && long.TryParse(File.ReadAllText(_file), CultureInfo.InvariantCulture, out var saved))
            Next = _saved = Math.Max(0, saved);
    }

    /// <summary>The number of the next event.</summary>
    public long Next { get; set; }

    public void Save()
    {
        if (Next == _saved)
            return;
        try
        {
            File.WriteAllText(_file + ".new", Next.ToString(CultureInfo.InvariantCulture));
            File.Move(_file + ".new", _file, overwrite: true);
            _saved = Next;
        }
        catch (IOException)
        {
            // A full disk: the log says so itself. The old position stands, and the next beat tries again.
        }
    }
}
