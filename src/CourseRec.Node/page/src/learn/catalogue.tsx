import { useEffect, useRef, useState } from "preact/hooks";
import { get, lineOf, type CoursePage } from "../api";
import { announce } from "../announce";
import { keep } from "../courses";
import { SearchIcon } from "../icons";
import type { Mark } from "../marks";
import { rove } from "../rove";
import { count } from "../words";
import type { ActFunction } from "./actions";
import { CourseCard } from "./course-card";

const pageLength = 12;
const typingPauseMs = 180;

interface Query {
  q: string;
  subject: string;
  skip: number;
}

interface CatalogueProps {
  marks: ReadonlyMap<string, Mark>;
  act: ActFunction;
  epoch: number;
}

/** Search and browse: by words, by subject, in pages. */
export function Catalogue({ marks, act, epoch }: CatalogueProps) {
  const [query, setQuery] = useState<Query>({ q: "", subject: "", skip: 0 });
  const { page, problem } = useCourses(query, epoch);
  const heading = useRef<HTMLHeadingElement>(null);
  const turn = (skip: number) => {
    setQuery({ ...query, skip });
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "start" });
  };
  return (
    <section class="catalogue" aria-labelledby="catalogue-title">
      <h2 id="catalogue-title" class="section-title" ref={heading} tabIndex={-1}>
        Catalogue
      </h2>
      <label class="search">
        <span class="unseen">Search the catalogue</span>
        <SearchIcon />
        <input
          type="search"
          class="field"
          data-testid="search-input"
          placeholder="Search courses"
          autocomplete="off"
          value={query.q}
          onInput={(event) => setQuery({ ...query, q: event.currentTarget.value, skip: 0 })}
        />
      </label>
      {page && (
        <Subjects page={page} chosen={query.subject} choose={(subject) => setQuery({ ...query, subject, skip: 0 })} />
      )}
      {problem && <p class="problem">{problem}</p>}
      {page?.total === 0 && <p class="empty">No course matches. Try fewer words or another subject.</p>}
      <ul class="cards" data-testid="catalogue">
        {page?.items.map((course) => (
          <CourseCard key={course.id} course={course} mark={marks.get(course.id)} act={act} />
        ))}
      </ul>
      {page && page.total > pageLength && <Pager skip={query.skip} total={page.total} turn={turn} />}
    </section>
  );
}

interface SubjectsProps {
  page: CoursePage;
  chosen: string;
  choose: (subject: string) => void;
}

function Subjects({ page, chosen, choose }: SubjectsProps) {
  const all = page.subjects.reduce((sum, { count: courses }) => sum + courses, 0);
  const chips = [{ subject: "", count: all }, ...page.subjects];
  if (!chips.some(({ subject }) => subject === chosen)) chips.splice(1, 0, { subject: chosen, count: 0 });
  return (
    <div class="strip" role="group" aria-label="Subjects" onKeyDown={rove}>
      <div class="chips">
        {chips.map(({ subject, count: courses }) => (
          <button
            type="button"
            key={subject}
            class="chip"
            data-testid="subject-button"
            data-subject={subject}
            aria-pressed={subject === chosen}
            tabIndex={subject === chosen ? 0 : -1}
            onClick={() => choose(subject)}
          >
            {subject || "All"} <span class="chip-count">{count(courses)}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

function Pager({ skip, total, turn }: { skip: number; total: number; turn: (skip: number) => void }) {
  const last = Math.min(skip + pageLength, total);
  return (
    <nav class="pager" aria-label="Pages of the catalogue">
      <button type="button" class="button" disabled={skip === 0} onClick={() => turn(Math.max(0, skip - pageLength))}>
        Previous
      </button>
      <span class="note">
        {count(skip + 1)}–{count(last)} of {count(total)}
      </span>
      <button type="button" class="button" disabled={last >= total} onClick={() => turn(skip + pageLength)}>
        Next
      </button>
    </nav>
  );
}

/** The page that a query finds; the last one stays until the next is there. Read again after each reconnection. */
function useCourses({ q, subject, skip }: Query, epoch: number) {
  const [page, setPage] = useState<CoursePage>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const abort = new AbortController();
    const load = async () => {
      const query = new URLSearchParams({ q, subject, skip: String(skip), take: String(pageLength) });
      for (const name of ["q", "subject"]) if (!query.get(name)) query.delete(name);
      try {
        const found = await get<CoursePage>(`/v1/courses?${query}`, abort.signal);
        keep(found.items);
        setPage(found);
        setProblem(undefined);
        if (q || subject) announce(`${found.total} courses found.`);
      } catch (error) {
        if (!abort.signal.aborted) setProblem(lineOf(error));
      }
    };
    const timer = setTimeout(() => void load(), q ? typingPauseMs : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [q, subject, skip, epoch]);
  return { page, problem };
}
