import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { useStore } from "../store";
import { paletteRevision } from "../theme";
import { tick } from "../words";
import type { Recorder } from "./recorder";

/** One line of a plot. */
export interface Line {
  /** The recorder's column. */
  column: string;
  label: string;
  /** The custom property that holds its colour. */
  colour: string;
  /** Pixels drawn and left out, by turns; a solid line when left out. */
  dash?: number[];
  /** Pixels; 2 when left out. */
  width?: number;
}

interface PlotProps {
  title: string;
  lines: readonly Line[];
  recorder: Recorder;
  format: (value: number) => string;
  /** Writes the numbers on the axis; as short as they can be when left out. */
  axis?: (value: number) => string;
}

const height = 168;
/** Seconds: the plot starts on the short span and widens as readings come in. */
const shortestSpan = 60;
const longestSpan = 300;
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** The last five minutes as lines; pointing at it reads the values below. */
export function Plot({ title, lines, recorder, format, axis = tick }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const [reading, setReading] = useState<string>();
  const palette = useStore(paletteRevision);
  const columns = lines.map(({ column }) => column);
  const shape = columns.join("|");

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const read = (drawn: uPlot) => setReading(readingAt(drawn, lines, format));
    const made = new uPlot(options(element.clientWidth, lines, axis, read), recorder.data(columns), element);
    plot.current = made;
    const watcher = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, [shape]);

  useEffect(() => plot.current?.setData(recorder.data(columns)));
  useEffect(() => plot.current?.redraw(), [palette]);

  return (
    <figure class="plot">
      <div ref={box} role="img" aria-label={`${title}, the last five minutes`} class="plot-box" />
      <figcaption class="note plot-caption">{reading ?? "The last 5 minutes, as far as they were watched"}</figcaption>
    </figure>
  );
}

function readingAt(drawn: uPlot, lines: readonly Line[], format: (value: number) => string): string | undefined {
  const place = drawn.cursor.idx;
  const time = place === null || place === undefined ? undefined : drawn.data[0][place];
  if (place === null || place === undefined || time === undefined) return undefined;
  const values = lines.map(({ label }, line) => {
    const value = drawn.data[line + 1]?.[place];
    return value === null || value === undefined ? undefined : `${label} ${format(value)}`;
  });
  return [clock.format(time * 1000), ...values.filter((value) => value)].join(" · ");
}

function timesOf(_: uPlot, times: number[], __: number, ___: number, step: number): string[] {
  return times.map((time) => clock.format(time * 1000).slice(0, step < 60 ? 8 : 5));
}

function options(
  width: number,
  lines: readonly Line[],
  value: (value: number) => string,
  read: (drawn: uPlot) => void,
): uPlot.Options {
  const colour = (name: string) => () => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const font = "12px system-ui, sans-serif";
  const axis = {
    stroke: colour("--ink-soft"),
    font,
    ticks: { show: false },
    grid: { stroke: colour("--grid"), width: 1 },
  };
  const shade = lines.length === 1 ? { fill: colour("--line-1-shade") } : {};
  return {
    width,
    height,
    padding: [10, 24, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { range: (_, min, max) => [max - Math.min(longestSpan, Math.max(shortestSpan, max - min)), max] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.15 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 26, space: 90, values: timesOf },
      { ...axis, size: 46, space: 26, values: (_, ticks) => ticks.map(value) },
    ],
    series: [
      {},
      ...lines.map(({ label, colour: name, dash, width: thick = 2 }) => ({
        label,
        stroke: colour(name),
        width: thick,
        points: { show: false },
        ...(dash && { dash }),
        ...shade,
      })),
    ],
    hooks: { setCursor: [read] },
  };
}
