import type { Recommendation } from "../api";
import { useCourse, useTitle } from "../courses";
import { ChevronIcon, CrossIcon } from "../icons";
import type { Move } from "../learner";
import type { Mark } from "../marks";
import { because, hue, plainReason } from "../words";
import type { ActFunction } from "./actions";
import { EnrolButton } from "./course-card";
import { Details } from "./details";
import { Stars } from "./stars";

interface RowProps {
  item: Recommendation;
  /** From 1; none for a row that is only kept while it is open. */
  rank: number | undefined;
  move: Move | undefined;
  offset: number;
  mark: Mark | undefined;
  cause: Mark | undefined;
  open: boolean;
  toggle: () => void;
  act: ActFunction;
}

/** One recommended course, with its reason and what can be done with it. */
export function RecommendationRow({ item, rank, move, offset, mark, cause, open, toggle, act }: RowProps) {
  const course = useCourse(item.course);
  const title = item.title ?? course?.title ?? item.course;
  return (
    <li
      class="row"
      data-testid={rank ? "recommendation" : "kept"}
      data-course={item.course}
      style={{ "--hue": hue(course?.subject) }}
    >
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
          {rank ? <ReasonWords item={item} cause={cause} /> : "No longer in your list"}
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
    <span
      class={move > 0 ? "move move-up" : "move move-down"}
      role="img"
      aria-label={`${move > 0 ? "up" : "down"} ${places}`}
    >
      {move > 0 ? "↑" : "↓"}
      {places}
    </span>
  );
}
