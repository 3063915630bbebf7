import type { HistoryEntry, Session } from "../api";
import { useCourse, useTitle } from "../courses";
import { ago, deed, hue } from "../words";

const shown = 24;

/** What the learner did, newest first, as one strip to scroll. */
export function History({ session }: { session: Session | undefined }) {
  const newest = [...(session?.history ?? [])].reverse().slice(0, shown);
  if (newest.length === 0) return null;
  const now = Date.now();
  return (
    <div class="history">
      <h2 id="history-title" class="eyebrow">
        History
      </h2>
      <div class="strip" role="region" aria-labelledby="history-title" tabIndex={0}>
        <ol class="path" data-testid="history">
          {newest.map((entry) => (
            <Step key={`${entry.course} ${entry.type} ${entry.time}`} entry={entry} now={now} />
          ))}
        </ol>
      </div>
    </div>
  );
}

function Step({ entry, now }: { entry: HistoryEntry; now: number }) {
  const course = useCourse(entry.course);
  return (
    <li class="step" data-course={entry.course} style={{ "--hue": hue(course?.subject) }}>
      <span class="step-title">{useTitle(entry.course)}</span>
      <span class="note">
        {deed(entry.type)} · <time dateTime={entry.time}>{ago(entry.time, now)}</time>
      </span>
    </li>
  );
}
