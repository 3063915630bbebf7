// Numbers, times and reasons in words.

import type { InteractionType, Reason } from "./api";

const grouped = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });
const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });

export const none = "–";

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? none : grouped.format(value);
}

/** Milliseconds with three significant digits at most: 0.84, 3.4, 12, 140. */
export function milliseconds(value: number | null | undefined): string {
  if (value === null || value === undefined) return none;
  return value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : grouped.format(value);
}

/** A metric between 0 and 1. */
export function metric(value: number | null | undefined): string {
  return value === null || value === undefined ? none : value.toFixed(3);
}

/** Milliseconds that are long enough to be told in seconds: 0.62 s, 1.8 s, 12 s. */
export function seconds(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return none;
  const value = ms / 1000;
  return `${value === 0 ? 0 : value < 1 ? value.toFixed(2) : value < 10 ? value.toFixed(1) : grouped.format(value)} s`;
}

/** A share between 0 and 1, rounded down so that only all of it is 100 %. */
export function percent(value: number | null | undefined): string {
  return value === null || value === undefined ? none : `${short.format(Math.floor(value * 1000) / 10)} %`;
}

/** A number on an axis: as short as it can be. */
export function tick(value: number): string {
  return short.format(value);
}

/** By how much a value is above another: +38 %. */
export function lift(value: number | null | undefined, base: number | null | undefined): string | undefined {
  if (!value || !base) return undefined;
  const change = Math.round((value / base - 1) * 100);
  return `${change < 0 ? "−" : "+"}${Math.abs(change)} %`;
}

/** How long ago: now, 3 min. ago, yesterday. */
export function ago(time: string, now: number): string {
  const seconds = Math.min(0, (Date.parse(time) - now) / 1000);
  if (Number.isNaN(seconds)) return "";
  if (seconds > -45) return "just now";
  if (seconds > -2700) return relative.format(Math.round(seconds / 60), "minute");
  if (seconds > -79_200) return relative.format(Math.round(seconds / 3600), "hour");
  return relative.format(Math.round(seconds / 86_400), "day");
}

const done: Record<InteractionType, string> = {
  view: "Viewed",
  click: "Looked at",
  enroll: "Enrolled",
  progress: "Advanced",
  complete: "Completed",
  rate: "Rated",
  dismiss: "Dismissed",
};

/** What a learner did, as one word or two. */
export function deed(type: InteractionType): string {
  return done[type] ?? type;
}

/** The words before the course that a recommendation follows from. */
export function because(latest: InteractionType | undefined): string {
  if (latest === "click" || latest === "view") return "Because you looked at";
  if (latest === "rate") return "Because you liked";
  return "Because you took";
}

/** A reason that names no course. */
export function plainReason(reason: Reason): string {
  return reason.kind === "popular" ? "Popular now" : "Recommended for you";
}

/** A colour for a subject: the same one every time. */
export function hue(subject: string | null | undefined): number {
  let hash = 7;
  for (const letter of subject ?? "") hash = (hash * 31 + letter.charCodeAt(0)) % 3600;
  return (hash * 137) % 360;
}
