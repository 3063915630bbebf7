using System.Globalization;
using System.Xml.Linq;
using CourseRec.Benchmarks.Online.Analysis;

namespace CourseRec.Benchmarks.Online;

/// <summary>The curve as an SVG file: readable on light and dark, told apart by colour and by dashes.</summary>
internal sealed class CurveChart
{
    private const double Width = 960;
    private const double Height = 480;
    private const double Left = 64;
    private const double Right = 780;
    private const double Top = 64;
    private const double Bottom = 424;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Light, dark, dashes; what is not named takes the rest in turn.</summary>
    private static readonly (string Contender, string Light, string Dark, string Dashes)[] Styles =
    [
        ("online", "#0067b8", "#58b0ff", ""),
        ("frozen+instant", "#b35900", "#f2a33c", "7 3"),
        ("frozen", "#a8307a", "#ee8ac4", "2 3"),
        ("blend", "#007a5a", "#3ecf9f", "10 3 2 3"),
        ("popularity", "#5f6873", "#9aa4af", "4 4"),
    ];

    private readonly OnlineReport _report;
    private readonly Axis _x;
    private readonly Axis _y;

    /// <summary>A chart of a report.</summary>
    public CurveChart(OnlineReport report)
    {
        _report = report;
        var highest = report.Curve.SelectMany(point => point.Ndcg10.Values).DefaultIfEmpty(0).Max();
        _x = Axis.UpTo(Math.Max(1, report.Judged), Left, Right, fits: true);
        _y = Axis.UpTo(Math.Max(0.001, highest), Bottom, Top, fits: false);
    }

    /// <summary>The file's content.</summary>
    public string ToSvg() =>
        new XElement(
            Svg + "svg",
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}")),
            new XAttribute("role", "img"),
            new XElement(Svg + "title", $"NDCG@10 over {_report.Stream}"),
            new XElement(Svg + "style", Css()),
            Rectangle(),
            Text(Left, 28, "NDCG@10 of every contender, each discovery judged before it is learned from", "head"),
            Text(Left, 48, _report.Stream, "quiet"),
            XAxis(),
            YAxis(),
            Freeze(),
            Contenders().SelectMany((name, place) => Line(name, place))
        ).ToString();

    private List<string> Contenders() => [.. _report.LastQuarter.Select(contender => contender.Name)];

    private IEnumerable<XElement> XAxis()
    {
        foreach (var tick in _x.Ticks)
        {
            yield return Rule(_x.At(tick), Bottom, _x.At(tick), Bottom + 5, "axis");
            yield return Text(_x.At(tick), Bottom + 20, Whole(tick), "middle");
        }
        yield return Text((Left + Right) / 2, Bottom + 42, "discoveries judged", "middle");
    }

    private IEnumerable<XElement> YAxis()
    {
        foreach (var tick in _y.Ticks)
        {
            yield return Rule(Left, _y.At(tick), Right, _y.At(tick), tick == 0 ? "axis" : "grid");
            yield return Text(Left - 8, _y.At(tick) + 4, tick.ToString("0.###", CultureInfo.InvariantCulture), "end");
        }
        var label = Text(0, 0, "NDCG@10", "middle");
        label.Add(new XAttribute("transform", $"translate(16 {Number((Top + Bottom) / 2)}) rotate(-90)"));
        yield return label;
    }

    private IEnumerable<XElement> Freeze()
    {
        var x = _x.At(_report.FrozenAt);
        yield return Rule(x, Top, x, Bottom, "freeze");
        yield return Text(x + 6, Bottom - 8, "frozen here", "quiet");
    }

    /// <summary>A contender's line and its entry in the legend.</summary>
    private IEnumerable<XElement> Line(string contender, int place)
    {
        var points = _report
            .Curve.Where(point => point.Ndcg10.ContainsKey(contender))
            .Select(point => $"{Number(_x.At(point.Event))},{Number(_y.At(point.Ndcg10[contender]))}");
        yield return new(
            Svg + "polyline",
            new XAttribute("class", $"line c{StyleOf(contender, place)}"),
            new XAttribute("points", string.Join(' ', points))
        );
        var y = Top + 30 + 40 * place;
        yield return Rule(Right + 16, y - 4, Right + 44, y - 4, $"line c{StyleOf(contender, place)}");
        yield return Text(Right + 52, y, contender, "");
        var mean = _report.LastQuarter.First(figures => figures.Name == contender).Ndcg10;
        var text = mean.ToString("0.0000", CultureInfo.InvariantCulture);
        yield return Text(Right + 52, y + 16, $"last quarter {text}", "quiet");
    }

    private static int StyleOf(string contender, int place) =>
        Array.FindIndex(Styles, style => style.Contender == contender) is var known and >= 0
            ? known
            : place % Styles.Length;

    private static string Css() =>
        """
            .ground{fill:#fff} text{fill:#1f2328;font:13px system-ui,sans-serif} .head{font-size:15px;font-weight:600} .quiet{fill:#59636e;font-size:12px}
            .middle{text-anchor:middle} .end{text-anchor:end} .axis{stroke:#59636e} .grid{stroke:#d1d9e0} .freeze{stroke:#59636e;stroke-dasharray:3 3}
            .line{fill:none;stroke-width:2;stroke-linejoin:round}

            """
        + string.Concat(
            Styles.Select((style, i) => $".c{i}{{stroke:{style.Light};stroke-dasharray:{Dashes(style.Dashes)}}}")
        )
        + "\n@media(prefers-color-scheme:dark){.ground{fill:#0d1117} text{fill:#e6edf3} .quiet{fill:#9198a1} "
        + ".axis,.freeze{stroke:#9198a1} .grid{stroke:#30363d} "
        + string.Concat(Styles.Select((style, i) => $".c{i}{{stroke:{style.Dark}}}"))
        + "}";

    private static string Dashes(string dashes) => dashes.Length == 0 ? "none" : dashes;

    private static XElement Rectangle() =>
        new(
            Svg + "rect",
            new XAttribute("class", "ground"),
            new XAttribute("width", Number(Width)),
            new XAttribute("height", Number(Height))
        );

    private static XElement Text(double x, double y, string text, string style) =>
        new(
            Svg + "text",
            new XAttribute("x", Number(x)),
            new XAttribute("y", Number(y)),
            new XAttribute("class", style),
            text
        );

    private static XElement Rule(double x1, double y1, double x2, double y2, string style) =>
        new(
            Svg + "line",
            new XAttribute("x1", Number(x1)),
            new XAttribute("y1", Number(y1)),
            new XAttribute("x2", Number(x2)),
            new XAttribute("y2", Number(y2)),
            new XAttribute("class", style)
        );

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A linear axis from 0, with round ticks.</summary>
    private sealed record Axis(double Max, double From, double To, double Step)
    {
        public IEnumerable<double> Ticks => Enumerable.Range(0, (int)(Max / Step + 1e-9) + 1).Select(i => i * Step);

        public double At(double value) => From + (To - From) * value / Max;

        /// <summary>An axis for values up to one; it ends there, or at the next tick.</summary>
        public static Axis UpTo(double highest, double from, double to, bool fits)
        {
            var rough = highest / 5;
            var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
            var step =
                power
                * (rough / power) switch
                {
                    <= 1 => 1,
                    <= 2 => 2,
                    <= 5 => 5,
                    _ => 10,
                };
            return new(fits ? highest : Math.Ceiling(highest / step) * step, from, to, step);
        }
    }
}
