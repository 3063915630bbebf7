import { useRef, useState } from "preact/hooks";
import type { Recommendation, RecommendationList } from "../api";
import type { LearnerState } from "../learner";
import type { ActFunction } from "./actions";
import { FlipList } from "./flip-list";
import { NewsPill } from "./news-pill";
import { RecommendationRow } from "./recommendation-row";

/** The row that is open, and the place where it was opened. */
interface Opened {
  user: string;
  item: Recommendation;
  place: number;
}

/** The pushed list, best first. */
export function Recommendations({ state, act }: { state: LearnerState; act: ActFunction }) {
  const { user, list, marks, moves } = state;
  const [opened, setOpened] = useState<Opened>();
  const heading = useRef<HTMLHeadingElement>(null);
  const open = opened?.user === user ? opened : undefined;
  const toggle = (item: Recommendation, place: number) => {
    if (item.course === open?.item.course) return setOpened(undefined);
    void act(item.course, "click");
    return setOpened({ user, item, place });
  };
  const mark = open && marks.get(open.item.course);
  const kept = open && !mark?.enrolled && !mark?.dismissed ? open : undefined;
  return (
    <section class="recommendations" aria-labelledby="recommendations-title">
      <div class="section-head">
        <h2 id="recommendations-title" class="section-title" ref={heading} tabIndex={-1}>
          For you
        </h2>
        {list && <span class="note lineage">model {list.modelVersion}</span>}
      </div>
      <FlipList version={list}>
        {list &&
          rowsOf(list, kept).map(({ item, rank }, place) => (
            <RecommendationRow
              key={item.course}
              item={item}
              rank={rank}
              move={moves.get(item.course)}
              offset={list.offset}
              mark={marks.get(item.course)}
              cause={item.reason.course ? marks.get(item.reason.course) : undefined}
              open={item.course === open?.item.course}
              toggle={() => toggle(item, place)}
              act={act}
            />
          ))}
      </FlipList>
      {list?.items.length === 0 && <p class="empty">Nothing to recommend yet: the catalogue is empty or all taken.</p>}
      {!list && <p class="empty">Waiting for the first list…</p>}
      <NewsPill list={list} moves={moves} target={heading} />
    </section>
  );
}

/**
 * The list's rows; the open one stays where it was when it left the list, so that what is being read doesn't vanish.
 */
function rowsOf(
  { items }: RecommendationList,
  open: Opened | undefined,
): { item: Recommendation; rank: number | undefined }[] {
  const rows: { item: Recommendation; rank: number | undefined }[] = items.map((item, place) => ({
    item,
    rank: place + 1,
  }));
  if (open && !items.some(({ course }) => course === open.item.course)) {
    rows.splice(open.place, 0, { item: open.item, rank: undefined });
  }
  return rows;
}
