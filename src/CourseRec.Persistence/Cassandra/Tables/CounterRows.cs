using CourseRec.Actors;
using CourseRec.Actors.Ports;

namespace CourseRec.Persistence.Cassandra.Tables;

/// <summary>Puts the rows of one set together again.</summary>
internal sealed class CounterRows
{
    private readonly List<(int Chunk, ReadOnlyMemory<byte> Data)> _chunks = [];
    private LogVersion _since;
    private bool _isSnapshot;
    private int _count;

    /// <summary>Takes the next row, in the order of the chunks.</summary>
    public void Add(int chunk, LogVersion since, bool isSnapshot, int count, ReadOnlyMemory<byte> data)
    {
        (_since, _isSnapshot, _count) = (since, isSnapshot, count);
        _chunks.Add((chunk, data));
    }

    /// <summary>Whether its writer got to the end.</summary>
    public bool IsFinished => _chunks[0].Chunk == 0;

    /// <summary>The change; null when rows are missing or are not those that were written.</summary>
    public CounterChange? Join(CounterSet set)
    {
        if (_chunks.Count != _count)
            return null;
        var change = new CounterChange(_since, set.Version, _isSnapshot, Data());
        return CounterSet.ChecksumOf(change) == set.Checksum ? change : null;
    }

    private ReadOnlyMemory<byte> Data()
    {
        if (_chunks is [var only])
            return only.Data;
        var data = new byte[_chunks.Sum(chunk => chunk.Data.Length)];
        var at = 0;
        foreach (var (_, part) in _chunks)
        {
            part.CopyTo(data.AsMemory(at));
            at += part.Length;
        }
        return data;
    }
}
