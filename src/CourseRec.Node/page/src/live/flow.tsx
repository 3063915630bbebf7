import type { LiveFigures } from "../api";
import { count, milliseconds } from "../words";
import { Plot, type Line } from "./plot";
import type { Recorder } from "./recorder";

interface FlowProps {
  figures: LiveFigures;
  recorder: Recorder;
}

const eventLines: Line[] = [{ column: "perSecond", label: "events/s", colour: "--line-1" }];
const pushLines: Line[] = [
  { column: "p99", label: "p99", colour: "--line-2" },
  { column: "p50", label: "p50", colour: "--line-1" },
];

/** How many events a second are folded into sessions. */
export function EventFlow({ figures: { events }, recorder }: FlowProps) {
  return (
    <section class="card panel" aria-label="Events a second">
      <header class="panel-head">
        <h2 class="panel-title">Events a second</h2>
        <p class="note">
          {count(events.accepted)} accepted, {count(events.applied)} applied since the start.
        </p>
      </header>
      <dl class="figures">
        <div class="reading reading-first">
          <dt class="key key-1">now</dt>
          <dd>
            <span class="figure" data-testid="live-events-per-second">
              {count(events.perSecond)}
            </span>
          </dd>
        </div>
      </dl>
      <Plot title="Events a second" lines={eventLines} recorder={recorder} format={count} />
    </section>
  );
}

/** From an event's acceptance to the push that reflects it. */
export function PushFlow({ figures: { push }, recorder }: FlowProps) {
  return (
    <section class="card panel" aria-label="Event to push">
      <header class="panel-head">
        <h2 class="panel-title">Event to push</h2>
        <p class="note">Milliseconds from acceptance to the browser’s socket; {count(push.count)} pushes.</p>
      </header>
      <dl class="figures">
        <Latency name="p50" place={1} value={push.p50Ms} />
        <Latency name="p99" place={2} value={push.p99Ms} />
      </dl>
      <Plot title="Event to push" lines={pushLines} recorder={recorder} format={milliseconds} />
    </section>
  );
}

function Latency({ name, place, value }: { name: string; place: number; value: number | null }) {
  return (
    <div class="reading">
      <dt class={`key key-${place}`}>{name}</dt>
      <dd>
        <span class="figure" data-testid={`live-push-${name}`}>
          {milliseconds(value)}
          <span class="unit">{value === null ? "" : "ms"}</span>
        </span>
      </dd>
    </div>
  );
}
