using CourseRec.Cql.Errors;
using CourseRec.Cql.Protocol;

namespace CourseRec.Cql;

/// <summary>
/// The rows of one answer, read forwards: <c>while (rows.Read()) rows.Text(0) …</c>. A result without rows (of a
/// write) is empty. Values are slices of the answer itself; they stay valid, and keep it in memory. Not for concurrent
/// callers.
/// </summary>
public sealed partial class CqlRows
{
    /// <summary>A result without rows.</summary>
    internal static readonly CqlRows None = new([], 0, default, default, 0);

    private readonly CqlColumn[] _columns;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly (int Start, int Length)[] _values;
    private int _position;
    private int _read;

    private CqlRows(
        CqlColumn[] columns,
        int count,
        ReadOnlyMemory<byte> pagingState,
        ReadOnlyMemory<byte> body,
        int position
    )
    {
        (_columns, _body, _position) = (columns, body, position);
        (Count, PagingState) = (count, pagingState);
        _values = columns.Length == 0 ? [] : new (int, int)[columns.Length];
    }

    /// <summary>Rows in this answer.</summary>
    public int Count { get; }

    /// <summary>The columns of each.</summary>
    public IReadOnlyList<CqlColumn> Columns => _columns;

    /// <summary>Where the next page begins, for the server alone; empty after the last.</summary>
    internal ReadOnlyMemory<byte> PagingState { get; }

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="CqlProtocolException">The answer is damaged.</exception>
    public bool Read()
    {
        if (_read == Count)
            return false;
        var reader = new WireReader(_body.Span[_position..]);
        for (var i = 0; i < _values.Length; i++)
            _values[i] = reader.TryBytes(out var value)
                ? (_position + reader.Position - value.Length, value.Length)
                : (0, -1);
        _position += reader.Position;
        _read++;
        return true;
    }

    /// <summary>The place of a column.</summary>
    /// <exception cref="CqlTypeException">There is none of this name.</exception>
    public int IndexOf(string column)
    {
        var index = Array.FindIndex(_columns, c => c.Name == column);
        return index >= 0
            ? index
            : throw new CqlTypeException(
                $"The result has no column {column}; it has {string.Join(", ", _columns.Select(c => c.Name))}."
            );
    }

    /// <summary>Reads a ROWS result behind its kind.</summary>
    /// <param name="reader">At the metadata.</param>
    /// <param name="body">What the reader reads.</param>
    /// <param name="known">The columns of an earlier answer to the same statement: compared rather than read
    /// again.</param>
    internal static CqlRows Decode(ref WireReader reader, ReadOnlyMemory<byte> body, ref KnownColumns? known)
    {
        var (flags, count) = (reader.Int(), reader.Int());
        ReadOnlyMemory<byte> state = default;
        if ((flags & MetadataReader.HasMorePages) != 0)
            state =
                reader.TryBytes(out var bytes) && bytes.Length > 0
                    ? body.Slice(reader.Position - bytes.Length, bytes.Length)
                    : throw new CqlProtocolException("a result has more pages and does not say where");
        var columns = KnownColumns.Read(ref reader, body, flags, count, ref known);
        var rows = reader.Int();
        if (columns.Length != count || (count == 0 && rows != 0))
            throw new CqlProtocolException(
                $"a result of {rows} rows describes {columns.Length} of its {count} columns"
            );
        return new(columns, count == 0 ? 0 : reader.Count(rows, 4 * count, "rows"), state, body, reader.Position);
    }

    private ReadOnlySpan<byte> Value(int column, CqlTypeCode type, int length = -1)
    {
        var (start, actual) = Locate(column, type);
        if (length >= 0 && actual != length)
            throw new CqlProtocolException($"column {_columns[column].Name} ({type}) has {actual} bytes, not {length}");
        return _body.Span.Slice(start, actual);
    }

    private (int Start, int Length) Locate(int column, CqlTypeCode type)
    {
        if (_read == 0)
            throw new InvalidOperationException("Call Read before a row's values.");
        var actual = _columns[column].Type.Code;
        if (actual != type && !Same(actual, type))
            throw new CqlTypeException($"Column {_columns[column].Name} is {_columns[column].Type}, not {type}.");
        return _values[column] is { Length: >= 0 } value
            ? value
            : throw new CqlTypeException($"Column {_columns[column].Name} is null.");
    }

    private static bool Same(CqlTypeCode actual, CqlTypeCode asked) =>
        (actual, asked)
            is
                (CqlTypeCode.Ascii, CqlTypeCode.Text)
                or
                (CqlTypeCode.Counter, CqlTypeCode.BigInt)
                or
                (CqlTypeCode.TimeUuid, CqlTypeCode.Uuid);
}
