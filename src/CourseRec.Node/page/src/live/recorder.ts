// The last five minutes of the live figures, in the columns that the plots draw.

import type { LiveFigures } from "../api";

const keptSeconds = 300;
const gapSeconds = 4;

type Column = (number | null)[];

export class Recorder {
  readonly times: number[] = [];
  private readonly columns = new Map<string, Column>();

  /** Adds a reading; after a pause the lines break rather than bridge it. */
  add(figures: LiveFigures): void {
    const now = Date.parse(figures.time) / 1000;
    const last = this.times.at(-1);
    if (Number.isNaN(now) || (last !== undefined && now <= last)) return;
    if (last !== undefined && now - last > gapSeconds) this.push(last + 1, new Map());
    this.push(now, readings(figures));
    while ((this.times[0] ?? now) < now - keptSeconds) this.shift();
  }

  /** The columns by name, each as long as the times; a name without readings is empty. */
  data(names: readonly string[]): [number[], ...Column[]] {
    return [this.times, ...names.map((name) => this.columns.get(name) ?? this.times.map(() => null))];
  }

  private push(time: number, values: ReadonlyMap<string, number | null>): void {
    for (const name of values.keys()) {
      if (!this.columns.has(name)) this.columns.set(name, this.times.map(() => null));
    }
    this.times.push(time);
    for (const [name, column] of this.columns) column.push(values.get(name) ?? null);
  }

  private shift(): void {
    this.times.shift();
    for (const column of this.columns.values()) column.shift();
  }
}

function readings({ events, push, judge, training }: LiveFigures): Map<string, number | null> {
  const values = new Map<string, number | null>([
    ["perSecond", events.perSecond],
    ["p50", push.p50Ms],
    ["p99", push.p99Ms],
    ["fresh p50", training.freshnessP50Ms ?? null],
    ["fresh p99", training.freshnessP99Ms ?? null],
  ]);
  for (const { name, events: judged, hr10, ndcg10 } of judge.contenders) {
    values.set(`hr10 ${name}`, judged > 0 ? hr10 : null);
    values.set(`ndcg10 ${name}`, judged > 0 ? ndcg10 : null);
  }
  return values;
}
