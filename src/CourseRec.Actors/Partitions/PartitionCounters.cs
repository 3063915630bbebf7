using System.Buffers;
using System.Runtime.InteropServices;
using CourseRec.Actors.Ports;
using CourseRec.Actors.Sessions;
using CourseRec.Models;
using CourseRec.Models.Baselines;
using CourseRec.Models.Catalogue;

namespace CourseRec.Actors.Partitions;

/// <summary>
/// A partition's shared counters and judge totals, and their stored form: now and then a snapshot, otherwise what was
/// observed since the change before. Each change names the last record that it counts, so none is counted twice.
/// </summary>
internal sealed class PartitionCounters(BaselineOptions options, CourseIndex courses)
{
    private const byte Format = 1;
    private const int ObservationsPerSnapshot = 100_000;
    private const int ChangesPerSnapshot = 500;
    private const int MaxContenders = 64;
    private readonly List<Observation> _observed = [];
    private int _counted;
    private int _observedSinceSnapshot;
    private int _changesSinceSnapshot;

    /// <summary>The counters. Whoever reads or writes them locks them. A snapshot that is read replaces them.</summary>
    public CourseCounters Courses { get; private set; } = new(options);

    /// <summary>What the judge added up, by contender.</summary>
    public Dictionary<string, JudgeTotals> Judged { get; } = [];

    /// <summary>The last record counted.</summary>
    public LogVersion Version { get; private set; }

    /// <summary>The last record of the last change that was stored or read.</summary>
    public LogVersion Stored { get; private set; }

    /// <summary>Takes over what is stored.</summary>
    public void Restore(StoredPartition stored)
    {
        Version = stored.Checkpoint?.Version ?? LogVersion.None;
        if (!TryFollow(stored.Counters))
            throw new InvalidDataException("the counters' changes have a gap");
        Version = Stored > Version ? Stored : Version;
    }

    /// <summary>
    /// Takes over what was stored since the last change that is known here. Answers false, with nothing taken, when it
    /// does not continue from there: then it is to be read whole.
    /// </summary>
    public bool TryFollow(IReadOnlyList<CounterChange> newer)
    {
        if (newer.Count == 0)
            return true;
        if (Chain(newer) is not { } chain)
            return false;
        foreach (var change in chain)
        {
            Restore(change);
            Stored = change.Version;
            _changesSinceSnapshot++;
        }
        return true;
    }

    /// <summary>Takes a discovery, and how the contenders ranked it.</summary>
    public void Observe(in Observation observation, IReadOnlyList<(string Contender, double Rank)>? judged = null)
    {
        _observed.Add(observation);
        lock (Courses)
        {
            foreach (var (contender, rank) in judged ?? [])
                Judged[contender] = Judged.GetValueOrDefault(contender) + JudgeTotals.Of(rank);
        }
    }

    /// <summary>Counts what was observed, up to and including a record.</summary>
    public void Commit(LogVersion version)
    {
        Version = version > Version ? version : Version;
        if (_counted == _observed.Count)
            return;
        lock (Courses)
        {
            for (; _counted < _observed.Count; _counted++)
                Courses.Add(_observed[_counted]);
        }
    }

    /// <summary>What to store; null when nothing was counted since the change before.</summary>
    public CounterChange? TakeChange()
    {
        if (_observed.Count == 0)
            return null;
        _observedSinceSnapshot += _observed.Count;
        _changesSinceSnapshot++;
        var isSnapshot =
            _observedSinceSnapshot >= ObservationsPerSnapshot || _changesSinceSnapshot >= ChangesPerSnapshot;
        var output = new ArrayBufferWriter<byte>();
        output.Write([Format]);
        WriteJudged(output);
        if (isSnapshot)
        {
            lock (Courses)
                Courses.Save(output, courses);
            _observedSinceSnapshot = _changesSinceSnapshot = 0;
        }
        else
        {
            ObservationCodec.Write(CollectionsMarshal.AsSpan(_observed), courses, output);
        }
        _observed.Clear();
        _counted = 0;
        var change = new CounterChange(Stored, Version, isSnapshot, output.WrittenMemory);
        Stored = Version;
        return change;
    }

    /// <summary>
    /// The newest changes that follow one another without a gap, from a snapshot, or from what is known here (at
    /// first: from the beginning) on; null when there are none. A writer that had lost the partition may have left
    /// others beside them: those count records that these count.
    /// </summary>
    private Stack<CounterChange>? Chain(IReadOnlyList<CounterChange> changes)
    {
        for (var newest = changes.Count - 1; newest >= 0; newest--)
        {
            var chain = new Stack<CounterChange>();
            for (var i = newest; i >= 0; i--)
            {
                if (chain.TryPeek(out var newer) && newer.Since != changes[i].Version)
                    continue;
                chain.Push(changes[i]);
                if (changes[i].IsSnapshot || changes[i].Since == Stored)
                    return chain;
            }
        }
        return null;
    }

    private void Restore(CounterChange change)
    {
        var data = change.Data.Span;
        if (data.IsEmpty || data[0] != Format)
            throw new InvalidDataException(
                $"the counters at {change.Version} have format {(data.IsEmpty ? 0 : data[0])}, this program reads "
                    + $"{Format}"
            );
        var input = new PackedReader(data[1..]);
        Judged.Clear();
        for (var count = input.ReadCount(MaxContenders); count > 0; count--)
            Judged.Add(input.ReadText(), JudgeTotals.Read(ref input));
        if (change.IsSnapshot)
        {
            Courses = CourseCounters.Load(input.Rest, options, courses);
            return;
        }
        var observed = ObservationCodec.Read(input.Rest, courses);
        lock (Courses)
        {
            foreach (var observation in observed)
                Courses.Add(observation);
        }
    }

    private void WriteJudged(ArrayBufferWriter<byte> output)
    {
        output.WriteVarint(Judged.Count);
        foreach (var (name, totals) in Judged)
        {
            output.WriteText(name);
            totals.Write(output);
        }
    }
}
