using System.Collections.Concurrent;

namespace CourseRec.Models.Catalogue;

/// <summary>
/// The process's dictionary from course id to a dense index, in order of first sight. Indices are never persisted and
/// mean nothing outside this process. Safe for concurrent use; an index, once given, stays.
/// </summary>
public sealed class CourseIndex
{
    private readonly ConcurrentDictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Lock _growing = new();
    private string[] _ids = new string[1024];
    private int _count;

    /// <summary>An empty dictionary.</summary>
    public CourseIndex() => _bySpan = _indices.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>How many courses have an index: 0 … Count − 1.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The id at an index.</summary>
    public string this[int index] => Volatile.Read(ref _ids)[index];

    /// <summary>The index of an id, or −1.</summary>
    public int Find(ReadOnlySpan<char> id) => _bySpan.TryGetValue(id, out var index) ? index : -1;

    /// <summary>The index of an id, given now if it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<char> id)
    {
        if (_bySpan.TryGetValue(id, out var index))
            return index;
        lock (_growing)
        {
            if (_bySpan.TryGetValue(id, out index))
                return index;
            if (_count == _ids.Length)
            {
                var grown = new string[_count * 2];
                _ids.CopyTo(grown, 0);
                Volatile.Write(ref _ids, grown);
            }
            var text = id.ToString();
            _ids[_count] = text;
            _indices[text] = _count;
            Volatile.Write(ref _count, _count + 1);
            return _count - 1;
        }
    }
}
