import type { Contender, LiveFigures } from "../api";
import { count, lift, metric } from "../words";
import { Plot } from "./plot";
import type { Recorder } from "./recorder";

const baseline = "popularity";
const colours = ["--line-1", "--line-2", "--line-3", "--line-4"];

interface ContestProps {
  figures: LiveFigures;
  recorder: Recorder;
  measure: "hr10" | "ndcg10";
  title: string;
  explanation: string;
}

/** One metric of every contender, judged before each event was learnt from; the popularity baseline comes last. */
export function Contest({ figures, recorder, measure, title, explanation }: ContestProps) {
  const contenders = baselineLast(figures.judge.contenders);
  const base = contenders.find(({ name }) => name === baseline)?.[measure];
  const lines = contenders.map(({ name }, place) => ({
    column: `${measure} ${name}`,
    label: name,
    colour: colours[place % colours.length] ?? "--ink",
  }));
  return (
    <section class="card panel" aria-label={title}>
      <header class="panel-head">
        <h2 class="panel-title">{title}</h2>
        <p class="note">
          {explanation} Over the last {count(contenders[0]?.events ?? 0)} judged events.
        </p>
      </header>
      <dl class="figures">
        {contenders.map((contender, place) => (
          <div key={contender.name} class={place === 0 ? "reading reading-first" : "reading"}>
            <dt class={`key key-${(place % colours.length) + 1}`}>{contender.name}</dt>
            <dd>
              <span class="figure" data-testid={`live-${measure}-${contender.name}`}>
                {metric(contender.events > 0 ? contender[measure] : undefined)}
              </span>
              {contender.name !== baseline && <Lift value={contender[measure]} base={base} />}
            </dd>
          </div>
        ))}
      </dl>
      {contenders.length === 0 && <p class="empty">Nothing judged yet.</p>}
      <Plot title={title} lines={lines} recorder={recorder} format={metric} />
    </section>
  );
}

function Lift({ value, base }: { value: number | null; base: number | null | undefined }) {
  const words = lift(value, base);
  if (!words) return null;
  return <span class={words.startsWith("+") ? "lift lift-up" : "lift lift-down"}>{words}</span>;
}

function baselineLast(contenders: readonly Contender[]): Contender[] {
  return [...contenders].sort((a, b) => Number(a.name === baseline) - Number(b.name === baseline));
}
