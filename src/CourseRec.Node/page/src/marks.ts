import type { InteractionType } from "./api";

/** One thing done with one course. */
export interface Act {
  course: string;
  type: InteractionType;
  value?: number;
}

/** Where a learner stands with a course. */
export interface Mark {
  latest: InteractionType;
  enrolled: boolean;
  dismissed: boolean;
  rating: number | undefined;
}

/** Folds what was done, oldest first, into a mark a course. */
export function foldMarks(acts: Iterable<Act>): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  for (const { course, type, value } of acts) {
    const before = marks.get(course);
    marks.set(course, {
      latest: type,
      enrolled: before?.enrolled || type === "enroll" || type === "progress" || type === "complete",
      dismissed: type === "dismiss" || (before?.dismissed === true && type !== "enroll"),
      rating: type === "rate" ? value : before?.rating,
    });
  }
  return marks;
}
