using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace CourseRec.Training.Data;

/// <summary>
/// Splits a table's lines into fields, one line at a time, so that whoever reads the lines knows which one is wrong.
/// </summary>
internal sealed class FieldSplitter
{
    private readonly OneLine _line = new();
    private readonly CsvParser _parser;
    private bool _isBroken;

    /// <param name="separator">What stands between two fields.</param>
    public FieldSplitter(string separator) =>
        _parser = new(
            _line,
            new CsvConfiguration(CultureInfo.InvariantCulture)
            {
                Delimiter = separator,
                NewLine = "\n",
                LineBreakInQuotedFieldIsBadData = true,
                BadDataFound = bad => _isBroken |= bad.Field.StartsWith('"'),
            }
        );

    /// <summary>Fields of the line.</summary>
    public int Count => _parser.Count;

    /// <summary>A field, without the quotation marks around it.</summary>
    public string this[int field] => _parser[field];

    /// <summary>Splits a line; false when a quoted field does not end on it.</summary>
    public bool TrySplit(ReadOnlySpan<byte> line)
    {
        _isBroken = false;
        _line.Set(line);
        _parser.Read();
        // A field is looked at when it is asked for, and one that nobody needs can be broken too.
        for (var field = 0; field < Count; field++)
            _ = _parser[field];
        return !_isBroken;
    }

    /// <summary>A text of one line, and then of another.</summary>
    private sealed class OneLine : TextReader
    {
        private char[] _text = new char[256];
        private int _at;
        private int _end;

        public void Set(ReadOnlySpan<byte> line)
        {
            if (_text.Length <= line.Length)
                _text = new char[line.Length * 2];
            _end = Encoding.UTF8.GetChars(line, _text);
            _text[_end++] = '\n';
            _at = 0;
        }

        public override int Read(char[] buffer, int index, int count)
        {
            var length = Math.Min(count, _end - _at);
            _text.AsSpan(_at, length).CopyTo(buffer.AsSpan(index));
            _at += length;
            return length;
        }
    }
}
