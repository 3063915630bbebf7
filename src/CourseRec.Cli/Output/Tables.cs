using Spectre.Console;

namespace CourseRec.Cli.Output;

/// <summary>Tables as every verb prints them.</summary>
public static class Tables
{
    /// <summary>An empty table; all but the first column are figures, right-aligned.</summary>
    public static Table New(string title, params ReadOnlySpan<string> columns)
    {
        var table = new Table().Title(Markup.Escape(title)).Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(Markup.Escape(columns[i])).NoWrap();
            table.AddColumn(i == 0 ? column : column.RightAligned());
        }
        return table;
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void Add(this Table table, params ReadOnlySpan<string> cells) =>
        table.AddRow(cells.ToArray().Select(Markup.Escape).ToArray());
}
