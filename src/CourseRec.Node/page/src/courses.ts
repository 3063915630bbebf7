// Courses by id, read once each: lists and histories name courses by id alone.

import { useEffect } from "preact/hooks";
import { get, path, type Course } from "./api";
import { Store, useStore } from "./store";

const known = new Map<string, Course>();
const asked = new Set<string>();
const revision = new Store(0);

/** Keeps courses that another answer brought along. */
export function keep(courses: readonly Course[]): void {
  for (const course of courses) known.set(course.id, course);
  if (courses.length > 0) revision.set(revision.value + 1);
}

/** Courses that failed to load may be asked for again, after a reconnection. */
export function askAgain(): void {
  asked.clear();
  revision.set(revision.value + 1);
}

/** The course, as soon as it is known; asks for it once. */
export function useCourse(id: string | null | undefined): Course | undefined {
  const now = useStore(revision);
  useEffect(() => {
    if (id) void ask(id);
  }, [id, now]);
  return id ? known.get(id) : undefined;
}

/** What to call a course: its title, or its id until (or when) there is none. */
export function useTitle(id: string): string {
  return useCourse(id)?.title ?? id;
}

async function ask(id: string): Promise<void> {
  if (known.has(id) || asked.has(id)) return;
  asked.add(id);
  try {
    keep([await get<Course>(path`/v1/courses/${id}`)]);
  } catch {
    // A course without a catalogue record goes by its id; so does one that failed to load, until it is asked for
    // again.
  }
}
