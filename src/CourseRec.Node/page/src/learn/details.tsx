import { useEffect, useState } from "preact/hooks";
import { get, path, type Recommendation } from "../api";
import { useCourse, useTitle } from "../courses";

const similarShown = 4;

/** What opens below a course: its description, what it builds on, and its neighbours. */
export function Details({ course: id }: { course: string }) {
  const course = useCourse(id);
  const similar = useSimilar(id);
  const link = safeLink(course?.url);
  return (
    <div class="details">
      <p>{course?.description ?? "No description in the catalogue."}</p>
      {course?.prerequisites && course.prerequisites.length > 0 && (
        <p>
          <span class="eyebrow">Builds on</span> <Titles ids={course.prerequisites} />
        </p>
      )}
      {similar.length > 0 && (
        <p>
          <span class="eyebrow">Often taken with</span> <Titles ids={similar} />
        </p>
      )}
      {link && (
        <p>
          <a href={link} target="_blank" rel="noopener noreferrer">
            The course’s page
          </a>
        </p>
      )}
    </div>
  );
}

function Titles({ ids }: { ids: readonly string[] }) {
  return (
    <>
      {ids.map((id, place) => (
        <span key={id}>
          {place > 0 && ", "}
          <Title id={id} />
        </span>
      ))}
    </>
  );
}

function Title({ id }: { id: string }) {
  return <>{useTitle(id)}</>;
}

function useSimilar(id: string): string[] {
  const [similar, setSimilar] = useState<string[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    // Neighbours are an extra: a course opens without them, too.
    get<Recommendation[]>(path`/v1/courses/${id}/similar`, abort.signal).then(
      (items) => setSimilar(items.slice(0, similarShown).map((item) => item.course)),
      () => setSimilar([]),
    );
    return () => abort.abort();
  }, [id]);
  return similar;
}

/** Catalogue records come from partners: only web addresses become links. */
function safeLink(url: string | null | undefined): string | undefined {
  return url && /^https?:\/\//i.test(url) ? url : undefined;
}
