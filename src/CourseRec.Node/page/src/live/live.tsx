import type { LiveFigures } from "../api";
import { count } from "../words";
import { Contest } from "./contest";
import { EventFlow, PushFlow } from "./flow";
import { Kafka } from "./kafka";
import { Lag } from "./lag";
import { Nodes } from "./nodes";
import { Popular } from "./popular";
import { Training } from "./training";
import { useLive } from "./use-live";

/** The pipeline at work: is it fast, is it up to date, does the model earn its keep. */
export function Live() {
  const { figures, recorder, problem } = useLive();
  return (
    <div class="live">
      <div class="live-head">
        <h1 class="page-title">Live</h1>
        {figures?.simulation && <span class="tag">Simulated learners</span>}
      </div>
      {problem && (
        <p class="problem" role="alert">
          {problem} {figures && "The figures below are the last that came in."}
        </p>
      )}
      {!figures && !problem && <p class="empty">Waiting for the first figures…</p>}
      {figures && (
        <>
          {hasPartitions(figures) && <Facts figures={figures} />}
          <div class="panels">
            <Nodes />
            {hasPartitions(figures) && (
              <>
                <Contest figures={figures} recorder={recorder} />
                <Training figures={figures} recorder={recorder} />
                <EventFlow figures={figures} recorder={recorder} />
                <PushFlow figures={figures} recorder={recorder} />
                <Lag lag={figures.lag} />
                {figures.kafka && <Kafka kafka={figures.kafka} />}
              </>
            )}
            <Popular />
          </div>
        </>
      )}
    </div>
  );
}

/** Without them, as a gateway, a node has nothing to measure. */
function hasPartitions({ lag }: LiveFigures): boolean {
  return lag.length > 0;
}

function Facts({ figures }: { figures: LiveFigures }) {
  const facts: [string, string, string][] = [
    ["Resident sessions", count(figures.sessions.resident), "live-sessions"],
    ["Watching now", count(figures.watching), "live-watching"],
    ["Pushes", count(figures.push.count), "live-pushes"],
    ["Model version", figures.modelVersion, "live-model-version"],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value, testid]) => (
        <div key={name}>
          <dt class="eyebrow">{name}</dt>
          <dd data-testid={testid} title={value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
