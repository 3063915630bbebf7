using System.Buffers;
using System.Buffers.Binary;
using CourseRec.Models.Catalogue;

namespace CourseRec.Models.Baselines;

/// <summary>
/// Collects numbers and courses into one frame: four letters, a format version, a table of course ids, the body
/// (courses as places in that table, whole numbers as LEB128 varints, little endian), a CRC-32C of all before.
/// </summary>
internal sealed class CourseFrameWriter
{
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly Dictionary<int, int> _places = [];
    private readonly List<int> _table = [];

    public void Whole(long value) => _body.WriteVarint(value);

    /// <summary>A number of either sign, small when near 0.</summary>
    public void Signed(long value) => _body.WriteSigned(value);

    public void Number(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_body.GetSpan(8), value);
        _body.Advance(8);
    }

    public void Number(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_body.GetSpan(4), value);
        _body.Advance(4);
    }

    /// <summary>A course, or −1 for none.</summary>
    public void Course(int course) => Whole(course < 0 ? 0 : PlaceOf(course) + 1);

    public void WriteTo(IBufferWriter<byte> output, CourseFrame frame, CourseIndex courses)
    {
        var whole = new ArrayBufferWriter<byte>(_body.WrittenCount + 16 * _table.Count + 64);
        whole.Write(frame.Letters);
        whole.WriteVarint(frame.Version);
        whole.WriteVarint(_table.Count);
        foreach (var course in _table)
            whole.WriteText(courses[course]);
        whole.Write(_body.WrittenSpan);
        BinaryPrimitives.WriteUInt32LittleEndian(whole.GetSpan(4), Crc32C.Of(whole.WrittenSpan));
        whole.Advance(4);
        output.Write(whole.WrittenSpan);
    }

    private int PlaceOf(int course)
    {
        if (_places.TryGetValue(course, out var place))
            return place;
        _table.Add(course);
        return _places[course] = _table.Count - 1;
    }
}
