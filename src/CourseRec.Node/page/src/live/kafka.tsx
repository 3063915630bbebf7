import type { Kafka as Figures } from "../api";
import { count } from "../words";

/** What the node and Kafka make of each other. */
export function Kafka({ kafka }: { kafka: Figures }) {
  const tallies: [string, string, string][] = [
    ["Fetching paused", `${kafka.pausedSeconds} s`, "live-kafka-paused"],
    ["Commit, mean", kafka.commitMs == null ? "none yet" : `${kafka.commitMs} ms`, "live-kafka-commit"],
    ["Misrouted records", count(kafka.misrouted), "live-kafka-misrouted"],
  ];
  return (
    <section class="card panel" aria-label="Kafka" data-testid="live-kafka">
      <header class="panel-head">
        <h2 class="panel-title">Kafka</h2>
        <p class="note">Since this node started.</p>
      </header>
      {kafka.retentionNear.length > 0 && (
        <p class="problem" role="alert" data-testid="live-kafka-retention">
          Retention is close: partition {kafka.retentionNear.join(", ")} may lose records before they are applied. Add
          nodes, or raise the topic’s retention.
        </p>
      )}
      <dl class="tallies">
        {tallies.map(([name, value, testid]) => (
          <div key={name}>
            <dt class="note">{name}</dt>
            <dd data-testid={testid}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
