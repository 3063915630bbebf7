import type { Cluster, ClusterNode } from "../api";
import { count, none } from "../words";
import { usePolled } from "./use-polled";

const everyMs = 2_000;

/** The nodes of the cluster; nothing where there is one alone. */
export function Nodes() {
  const cluster = usePolled<Cluster>("/v1/cluster", everyMs);
  if (!cluster || cluster.nodes.length < 2) return null;
  const nodes = [...cluster.nodes].sort((a, b) => nameOf(a).localeCompare(nameOf(b), "en", { numeric: true }));
  const unserved = cluster.shards.filter((shard) => !shard.node).length;
  return (
    <section class="card panel panel-wide" aria-label="Nodes" data-testid="live-nodes">
      <header class="panel-head">
        <h2 class="panel-title">Nodes</h2>
        <p class="note">
          {nodes.length} share {cluster.shards.length} partitions
          {unserved > 0 ? `; ${unserved} of them wait for an owner` : ", and each has an owner"}. {figuresOf(cluster)}
        </p>
      </header>
      <div class="strip" role="region" aria-label="The nodes of the cluster" tabIndex={0}>
        <table class="lag nodes">
          <thead>
            <tr>
              <th scope="col">Node</th>
              <th scope="col" class="nodes-more">
                Roles
              </th>
              <th scope="col">Partitions</th>
              <th scope="col">Lag</th>
              <th scope="col">Model</th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((node) => (
              <tr
                key={node.address}
                data-testid={`live-node-${nameOf(node)}`}
                data-partitions={node.partitions.length}
              >
                <th scope="row">
                  {nameOf(node)} {node.id === cluster.node && <span class="tag tag-small">this one</span>}
                  {troubleOf(node) && <span class="tag tag-small tag-quiet">{troubleOf(node)}</span>}
                  <span class="note nodes-more">{node.url && new URL(node.url).host}</span>
                </th>
                <td class="nodes-more">{node.roles.join(", ") || none}</td>
                <td>{node.partitions.join(", ") || none}</td>
                <td>{node.partitions.length > 0 ? count(lagOf(node, cluster)) : none}</td>
                <td>{node.modelVersion ?? none}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function figuresOf({ node, shards }: Cluster): string {
  return shards.some((shard) => shard.node === node)
    ? `The other figures are of ${node} alone.`
    : "This one has no partitions, and so no figures of its own: each node’s Live page has its.";
}

/** A node that has not said its name yet is called by its address. */
function nameOf(node: ClusterNode): string {
  return node.id ?? node.address;
}

/** What keeps a node from being one of those that serve; empty when nothing does. */
function troubleOf(node: ClusterNode): string {
  return !node.reachable ? "unreachable" : node.status === "up" ? "" : node.status;
}

function lagOf(node: ClusterNode, { shards }: Cluster): number {
  return shards.reduce((sum, shard) => (shard.node === node.id ? sum + (shard.lag ?? 0) : sum), 0);
}
