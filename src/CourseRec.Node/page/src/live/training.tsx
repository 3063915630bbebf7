import type { LiveFigures, Training as Figures } from "../api";
import { count, percent, seconds } from "../words";
import { Plot, type Line } from "./plot";
import type { Recorder } from "./recorder";

const states: Record<Figures["state"], string> = {
  learning: "Learning",
  waiting: "Waiting for events",
  unavailable: "Does not learn",
  stopped: "Stopped",
  off: "Switched off",
  following: "Follows a trainer",
};

const lines: Line[] = [
  { column: "fresh p99", label: "p99", colour: "--line-2", dash: [8, 4] },
  { column: "fresh p50", label: "p50", colour: "--line-1" },
];

interface TrainingProps {
  figures: LiveFigures;
  recorder: Recorder;
}

/** The model learning while it serves: how fresh, how much of what was taught, and what the guard refused. */
export function Training({ figures: { training }, recorder }: TrainingProps) {
  return (
    <section
      class="card panel panel-wide"
      aria-label="Online training"
      data-testid="live-training"
      data-state={training.state}
    >
      <header class="panel-head panel-head-row">
        <h2 class="panel-title">Online training</h2>
        <span class={training.state === "learning" ? "tag tag-small" : "tag tag-small tag-quiet"}>
          {states[training.state]}
        </span>
        <p class="note">{training.problem ?? explanation(training)}</p>
      </header>
      {training.state !== "off" && training.state !== "following" && (
        <div class="plots">
          <div class="training-figures">
            <dl class="figures">
              <Freshness name="p50" stroke="" value={training.freshnessP50Ms} />
              <Freshness name="p99" stroke="8 4" value={training.freshnessP99Ms} />
            </dl>
            <Tallies training={training} />
            <Guard training={training} />
          </div>
          <section aria-label="Freshness">
            <h3 class="plot-title">Freshness</h3>
            <p class="note">From an event’s acceptance to serving weights that learned from it.</p>
            <Plot title="Freshness" lines={lines} recorder={recorder} format={seconds} axis={seconds} />
          </section>
        </div>
      )}
    </section>
  );
}

function explanation({ state }: Figures): string {
  if (state === "off") return "This node serves without training (Training:Enabled).";
  if (state === "following") return "This node serves the model that another node trains.";
  return "The model trains on what learners do, and new weights are swapped in every few seconds.";
}

function Freshness({ name, stroke, value }: { name: string; stroke: string; value: number | null | undefined }) {
  const place = name === "p50" ? 1 : 2;
  return (
    <div class="reading">
      <dt class="standing">
        <svg class="stroke" viewBox="0 0 30 8" aria-hidden="true" style={{ "--key": `var(--line-${place})` }}>
          <line x1="1" x2="29" y1="4" y2="4" stroke-width="2.5" stroke-dasharray={stroke || undefined} />
        </svg>
        <span class="note">fresh within, {name}</span>
      </dt>
      <dd>
        <span class="figure" data-testid={`live-freshness-${name}`}>
          {seconds(value)}
        </span>
      </dd>
    </div>
  );
}

function Tallies({ training }: { training: Figures }) {
  const tallies: [string, string, string][] = [
    ["Model", training.version ?? "none yet", "live-training-version"],
    [
      "Coverage",
      percent(training.trained + training.dropped > 0 ? training.coverage : undefined),
      "live-training-coverage",
    ],
    ["Trained on", `${count(training.trained)} examples`, "live-training-trained"],
    ["Steps", count(training.steps), "live-training-steps"],
    ["Dropped", count(training.dropped), "live-training-dropped"],
    ["Courses known", count(training.courses), "live-training-courses"],
  ];
  return (
    <dl class="tallies">
      {tallies.map(([name, value, testid]) => (
        <div key={name}>
          <dt class="note">{name}</dt>
          <dd data-testid={testid}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Guard({ training: { published, rejected, rolledBack, lastRefusal } }: { training: Figures }) {
  return (
    <p class="note" data-testid="live-training-guard">
      {count(published)} models published, {count(rejected)} refused, {count(rolledBack)} rolled back.
      {lastRefusal && <span class="refusal">Last refusal: {lastRefusal}</span>}
    </p>
  );
}
