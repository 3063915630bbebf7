import type { Contender, LiveFigures } from "../api";
import { count, lift, metric } from "../words";
import { baseline, inOrder, lookOf } from "./contenders";
import { Plot, type Line } from "./plot";
import type { Recorder } from "./recorder";

type Measure = "hr10" | "ndcg10";

const measures: { measure: Measure; title: string; explanation: string }[] = [
  { measure: "ndcg10", title: "NDCG at 10", explanation: "How high the next course stood among the ten" },
  { measure: "hr10", title: "Hit rate at 10", explanation: "How often it was among them" },
];

interface ContestProps {
  figures: LiveFigures;
  recorder: Recorder;
}

/** Every contender's quality on the same events, each judged before it was learnt from. */
export function Contest({ figures, recorder }: ContestProps) {
  const contenders = inOrder(figures.judge.contenders);
  const judged = contenders.at(-1)?.events ?? 0;
  return (
    <section class="card panel panel-wide" aria-label="Which model ranks best">
      <header class="panel-head">
        <h2 class="panel-title">Which model ranks best</h2>
        <p class="note">
          Every course competes, and each event is judged before anything learns from it. The last {count(judged)}{" "}
          judged events.
        </p>
      </header>
      <Standings contenders={contenders} judged={judged} />
      <div class="plots">
        {measures.map(({ measure, title, explanation }) => (
          <section key={measure} aria-label={title}>
            <h3 class="plot-title">{title}</h3>
            <p class="note">{explanation}.</p>
            <Plot title={title} lines={linesOf(contenders, measure)} recorder={recorder} format={metric} />
          </section>
        ))}
      </div>
    </section>
  );
}

function Standings({ contenders, judged }: { contenders: readonly Contender[]; judged: number }) {
  const base = contenders.find(({ name }) => name === baseline);
  return (
    <div class="strip" role="region" aria-label="Quality of every model" tabIndex={0}>
      <table class="lag standings" data-testid="live-contenders">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">NDCG@10</th>
            <th scope="col">HR@10</th>
            <th scope="col" class="standings-end">
              MRR
            </th>
            <th scope="col">
              <abbr title="NDCG@10 against popularity">Lift</abbr>
            </th>
          </tr>
        </thead>
        <tbody>
          {contenders.map((contender, place) => (
            <Standing key={contender.name} contender={contender} base={base} judged={judged} serves={place === 0} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface StandingProps {
  contender: Contender;
  base: Contender | undefined;
  /** Events that were judged; a contender that came later took part in fewer. */
  judged: number;
  serves: boolean;
}

function Standing({ contender, base, judged, serves }: StandingProps) {
  const { name, events } = contender;
  const look = lookOf(name);
  const value = (figure: number | null) => metric(events > 0 ? figure : undefined);
  return (
    <tr data-testid={`live-contender-${name}`} data-serves={serves}>
      <th scope="row">
        <span class="standing">
          <Stroke colour={look.colour} dash={look.dash} thick={serves} />
          <span class="standing-name">{look.label}</span>
          {serves && <span class="tag tag-small">serves</span>}
          <span class="standing-note">
            {look.note}
            {events < judged && `; ${count(events)} events as yet`}
          </span>
        </span>
      </th>
      <td data-testid={`live-ndcg10-${name}`}>{value(contender.ndcg10)}</td>
      <td data-testid={`live-hr10-${name}`}>{value(contender.hr10)}</td>
      <td class="standings-end">{value(contender.mrr)}</td>
      <td>{name !== baseline && <Lift value={contender.ndcg10} base={base?.ndcg10} />}</td>
    </tr>
  );
}

/** A piece of the contender's line, as the plots draw it. */
function Stroke({ colour, dash, thick }: { colour: string; dash: number[]; thick: boolean }) {
  return (
    <svg class="stroke" viewBox="0 0 30 8" aria-hidden="true" style={{ "--key": `var(${colour})` }}>
      <line
        x1="1"
        x2="29"
        y1="4"
        y2="4"
        stroke-width={thick ? 3.5 : 2}
        stroke-dasharray={dash.join(" ") || undefined}
      />
    </svg>
  );
}

function Lift({ value, base }: { value: number | null; base: number | null | undefined }) {
  const words = lift(value, base);
  if (!words) return null;
  return <span class={words.startsWith("+") ? "lift lift-up" : "lift lift-down"}>{words}</span>;
}

function linesOf(contenders: readonly Contender[], measure: Measure): Line[] {
  return contenders.map(({ name }, place) => {
    const { label, colour, dash } = lookOf(name);
    const width = place === 0 ? 3 : 2;
    return { column: `${measure} ${name}`, label, colour, width, ...(dash.length > 0 && { dash }) };
  });
}
