import type { PartitionLag } from "../api";
import { count } from "../words";

/** How far each partition of the log is applied and stored. */
export function Lag({ lag }: { lag: readonly PartitionLag[] }) {
  const behind = lag.reduce((sum, partition) => sum + partition.lag, 0);
  const most = Math.max(1, ...lag.map((partition) => partition.lag));
  return (
    <section class="card panel" aria-label="Log lag">
      <header class="panel-head">
        <h2 class="panel-title">Log lag</h2>
        <p class="note">Records not yet applied: {count(behind)} in all.</p>
      </header>
      <div class="strip" role="region" aria-label="Log lag a partition" tabIndex={0}>
        <table class="lag" data-testid="live-lag" data-total={behind}>
          <thead>
            <tr>
              <th scope="col">Partition</th>
              <th scope="col">Lag</th>
              <th scope="col" class="lag-end">
                End
              </th>
              <th scope="col">Applied</th>
              <th scope="col">Stored</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {lag.map((partition) => (
              <tr key={partition.partition}>
                <th scope="row">{partition.partition}</th>
                <td>
                  <span class="lag-cell">
                    {count(partition.lag)}
                    <span class="lag-bar" style={{ "--share": partition.lag / most }} aria-hidden="true" />
                  </span>
                </td>
                <td class="lag-end">{count(partition.end)}</td>
                <td>{count(partition.applied)}</td>
                <td>{count(partition.stored)}</td>
                <td>{partition.state}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
