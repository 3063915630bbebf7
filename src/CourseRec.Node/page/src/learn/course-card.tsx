import { useState } from "preact/hooks";
import type { Course } from "../api";
import { CheckIcon, ChevronIcon, CrossIcon } from "../icons";
import type { Mark } from "../marks";
import { hue } from "../words";
import type { ActFunction } from "./actions";
import { Details } from "./details";
import { Stars } from "./stars";

/** A course of the catalogue, with what can be done with it. */
export function CourseCard({ course, mark, act }: { course: Course; mark: Mark | undefined; act: ActFunction }) {
  const [open, setOpen] = useState(false);
  const title = course.title ?? course.id;
  const toggle = () => {
    if (!open) void act(course.id, "click");
    setOpen(!open);
  };
  return (
    <li
      class={mark?.dismissed ? "card course card-faded" : "card course"}
      data-testid="course-card"
      data-course={course.id}
      style={{ "--hue": hue(course.subject) }}
    >
      <p class="course-facts">
        <span class="subject">{course.subject ?? "Course"}</span>
        {facts(course).map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      <h3 class="course-title">
        <button type="button" class="opener" data-testid="click-button" aria-expanded={open} onClick={toggle}>
          <span>{title}</span>
          <ChevronIcon />
        </button>
      </h3>
      {open ? <Details course={course.id} /> : <p class="course-description">{course.description}</p>}
      <div class="course-actions">
        <EnrolButton
          title={title}
          available={course.available}
          mark={mark}
          enrol={() => void act(course.id, "enroll")}
        />
        <Stars title={title} rating={mark?.rating} rate={(stars) => void act(course.id, "rate", stars)} />
        <button
          type="button"
          class="icon-button"
          data-testid="dismiss-button"
          aria-label={`Not for me: ${title}`}
          title="Not for me"
          disabled={mark?.dismissed === true}
          onClick={() => void act(course.id, "dismiss")}
        >
          <CrossIcon />
        </button>
      </div>
    </li>
  );
}

interface EnrolButtonProps {
  title: string;
  available: boolean;
  mark: Mark | undefined;
  enrol: () => void;
}

/** Joins the course; stays in place, saying so, when that is done. */
export function EnrolButton({ title, available, mark, enrol }: EnrolButtonProps) {
  const label = mark?.enrolled ? "Enrolled" : available ? "Enrol" : "Unavailable";
  const stopped = mark?.enrolled || !available;
  return (
    <button
      type="button"
      class={mark?.enrolled ? "button button-small button-done" : "button button-small button-soft"}
      data-testid="enrol-button"
      aria-label={`${label}: ${title}`}
      aria-disabled={stopped}
      onClick={() => stopped || enrol()}
    >
      {mark?.enrolled && <CheckIcon />}
      {label}
    </button>
  );
}

function facts({ level, language, price }: Course): string[] {
  const cost = price === 0 ? "Free" : price === null || price === undefined ? undefined : String(price);
  return [level === null || level === undefined ? undefined : levelWords(level), language?.toUpperCase(), cost].filter(
    (fact): fact is string => Boolean(fact),
  );
}

function levelWords(level: string | number): string {
  return typeof level === "number" ? `Level ${level}` : level.charAt(0).toUpperCase() + level.slice(1);
}
