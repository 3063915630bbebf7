import type { Recommendation } from "../api";
import { useCourse } from "../courses";
import { hue } from "../words";
import { usePolled } from "./use-polled";

const everyMs = 10_000;
const shown = 8;

/** What everybody takes now: the baseline that the model has to beat. */
export function Popular() {
  const popular = usePolled<{ items: Recommendation[] }>("/v1/popular", everyMs);
  const items = popular?.items.slice(0, shown) ?? [];
  return (
    <section class="card panel" aria-label="Popular now">
      <header class="panel-head">
        <h2 class="panel-title">Popular now</h2>
        <p class="note">What the popularity contender recommends to everybody.</p>
      </header>
      <ol class="popular">
        {items.map((item, place) => (
          <PopularRow key={item.course} item={item} rank={place + 1} />
        ))}
      </ol>
      {items.length === 0 && <p class="empty">Nothing is popular yet.</p>}
    </section>
  );
}

function PopularRow({ item, rank }: { item: Recommendation; rank: number }) {
  const course = useCourse(item.course);
  return (
    <li class="popular-row" style={{ "--hue": hue(course?.subject) }}>
      <span class="rank">{rank}</span>
      <span>{item.title ?? course?.title ?? item.course}</span>
      <span class="subject">{course?.subject}</span>
    </li>
  );
}
