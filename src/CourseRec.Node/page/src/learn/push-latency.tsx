import { milliseconds } from "../words";

const width = 132;
const height = 36;
const inset = 4;

/** The measured time from a click to the push that reflects it, with the last few as a sparkline. */
export function PushLatency({ samples }: { samples: readonly number[] }) {
  const latest = samples.at(-1);
  return (
    <div class="latency">
      <div>
        <span class="eyebrow">Click to push</span>
        <p class="figure" data-testid="push-latency" data-ms={latest?.toFixed(2)}>
          {milliseconds(latest)}
          <span class="unit">{latest === undefined ? "" : "ms"}</span>
        </p>
        <p class="note">{latest === undefined ? "Do something to measure it." : "Measured in this browser."}</p>
      </div>
      {samples.length > 1 && <Sparkline samples={samples} />}
    </div>
  );
}

function Sparkline({ samples }: { samples: readonly number[] }) {
  const top = Math.max(...samples);
  const step = (width - 2 * inset) / (samples.length - 1);
  const points = samples.map((sample, place) => {
    const x = inset + place * step;
    const y = height - inset - (sample / top) * (height - 2 * inset);
    return [x, y] as const;
  });
  const [x, y] = points.at(-1) ?? [0, 0];
  const words = `The last ${samples.length}: ${samples.map(milliseconds).join(", ")} milliseconds.`;
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={words}>
      <polyline points={points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(" ")} />
      <circle cx={x} cy={y} r="3" />
    </svg>
  );
}
