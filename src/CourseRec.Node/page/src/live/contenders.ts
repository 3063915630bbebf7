// The models that the judge compares, in words, and how each is drawn: by colour and by dashes, so that no eye needs
// the colour.

import type { Contender } from "../api";

/** How a contender is named and drawn. */
export interface Look {
  label: string;
  /** What it is, in a few words. */
  note: string;
  /** The custom property that holds its colour. */
  colour: string;
  dash: number[];
}

const looks: Record<string, Look> = {
  online: { label: "Online", note: "transformer and instant layer, learning now", colour: "--line-1", dash: [] },
  instant: { label: "Instant layer", note: "learned weights over live counters", colour: "--line-1", dash: [] },
  "frozen+instant": {
    label: "Frozen + instant",
    note: "transformer stopped learning, instant layer goes on",
    colour: "--line-2",
    dash: [10, 4],
  },
  frozen: { label: "Frozen", note: "transformer alone, stopped learning", colour: "--line-3", dash: [5, 3] },
  blend: {
    label: "Co-visitation",
    note: "what is taken after the last courses",
    colour: "--line-4",
    dash: [9, 3, 2, 3],
  },
  popularity: { label: "Popularity", note: "what everybody takes now", colour: "--line-5", dash: [2, 3] },
};

/** The contender that every other one is measured against; it comes last. */
export const baseline = "popularity";

/** How a contender looks; one that the page does not know goes by its name. */
export function lookOf(name: string): Look {
  return looks[name] ?? { label: name, note: "", colour: "--ink", dash: [] };
}

/** The order to show them in: the serving one first, the baseline last. */
export function inOrder(contenders: readonly Contender[]): Contender[] {
  return [...contenders].sort((a, b) => Number(a.name === baseline) - Number(b.name === baseline));
}
