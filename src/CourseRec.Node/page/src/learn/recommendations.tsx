import { useRef, useState } from "preact/hooks";
import type { Recommendation } from "../api";
import { useCourse, useTitle } from "../courses";
import { ChevronIcon, CrossIcon } from "../icons";
import type { LearnerState, Move } from "../learner";
import type { Mark } from "../marks";
import { because, hue, plainReason } from "../words";
import type { ActFunction } from "./actions";
import { EnrolButton } from "./course-card";
import { Details } from "./details";
import { FlipList } from "./flip-list";
import { NewsPill } from "./news-pill";
import { Stars } from "./stars";

/** The pushed list, best first. */
export function Recommendations({ state, act }: { state: LearnerState; act: ActFunction }) {
  const { list, marks, moves } = state;
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section class="recommendations" aria-labelledby="recommendations-title">
      <div class="section-head">
        <h2 id="recommendations-title" class="section-title" ref={heading} tabIndex={-1}>
          For you
        </h2>
        {list && <span class="note lineage">model {list.modelVersion}</span>}
      </div>
      <FlipList version={list}>
        {list?.items.map((item, rank) => (
          <Row
            key={item.course}
            item={item}
            rank={rank + 1}
            move={moves.get(item.course)}
            offset={list.offset}
            mark={marks.get(item.course)}
            cause={item.reason.course ? marks.get(item.reason.course) : undefined}
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

interface RowProps {
  item: Recommendation;
  rank: number;
  move: Move | undefined;
  offset: number;
  mark: Mark | undefined;
  cause: Mark | undefined;
  act: ActFunction;
}

function Row({ item, rank, move, offset, mark, cause, act }: RowProps) {
  const [open, setOpen] = useState(false);
  const course = useCourse(item.course);
  const title = item.title ?? course?.title ?? item.course;
  const toggle = () => {
    if (!open) void act(item.course, "click");
    setOpen(!open);
  };
  return (
    <li class="row" data-testid="recommendation" data-course={item.course} style={{ "--hue": hue(course?.subject) }}>
      <span class="rank">{rank}</span>
      <div class="row-words">
        <h3 class="row-title">
          <button type="button" class="opener" data-testid="click-button" aria-expanded={open} onClick={toggle}>
            <span>{title}</span>
            <ChevronIcon />
          </button>
          <MoveSign key={offset} move={move} />
        </h3>
        <p class="reason" data-testid="reason">
          <ReasonWords item={item} cause={cause} />
        </p>
      </div>
      <div class="row-actions">
        <EnrolButton title={title} available mark={mark} enrol={() => void act(item.course, "enroll")} />
        <button
          type="button"
          class="icon-button"
          data-testid="dismiss-button"
          aria-label={`Not for me: ${title}`}
          title="Not for me"
          onClick={() => void act(item.course, "dismiss")}
        >
          <CrossIcon />
        </button>
      </div>
      {open && (
        <div class="row-details">
          <Details course={item.course} />
          <Stars title={title} rating={mark?.rating} rate={(stars) => void act(item.course, "rate", stars)} />
        </div>
      )}
    </li>
  );
}

function ReasonWords({ item, cause }: { item: Recommendation; cause: Mark | undefined }) {
  const from = item.reason.course;
  if (!from) return <>{plainReason(item.reason)}</>;
  return (
    <>
      {because(cause?.latest)} <CauseTitle id={from} />
    </>
  );
}

function CauseTitle({ id }: { id: string }) {
  return <em>{useTitle(id)}</em>;
}

/** How the row moved with the newest list; it fades. A single place is what any removal does: not worth saying. */
function MoveSign({ move }: { move: Move | undefined }) {
  if (move === "new") return <span class="move move-new">New</span>;
  const places = Math.abs(move ?? 0);
  if (!move || places < 2) return null;
  return (
    <span class={move > 0 ? "move move-up" : "move move-down"} role="img" aria-label={`${move > 0 ? "up" : "down"} ${places}`}>
      {move > 0 ? "↑" : "↓"}
      {places}
    </span>
  );
}
