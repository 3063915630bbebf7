// The node's HTTP interface: shapes, and one function that speaks problem+json.

export interface Course {
  id: string;
  title: string | null;
  subject: string | null;
  level: string | number | null;
  description: string | null;
  prerequisites: string[] | null;
  available: boolean;
  price?: number | string | null;
  language?: string | null;
  url?: string | null;
}

export interface CoursePage {
  total: number;
  subjects: { subject: string; count: number }[];
  items: Course[];
}

export interface Reason {
  kind: string;
  course?: string | null;
}

export interface Recommendation {
  course: string;
  title: string | null;
  score: number;
  reason: Reason;
}

export interface RecommendationList {
  user: string;
  offset: number;
  modelVersion: string;
  generatedAt: string;
  items: Recommendation[];
}

export type InteractionType = "view" | "click" | "enroll" | "progress" | "complete" | "rate" | "dismiss";

export interface Interaction {
  id: string;
  user: string;
  course: string;
  type: InteractionType;
  value?: number;
  source: string;
  context: { language: string };
}

export interface HistoryEntry {
  course: string;
  type: InteractionType;
  time: string;
}

export interface Session {
  user: string;
  offset: number;
  applied: number;
  history: HistoryEntry[];
}

export interface Receipt {
  accepted: number;
  rejected: { index: number; reason: string }[] | null;
}

export interface Contender {
  name: string;
  events: number;
  hr10: number | null;
  ndcg10: number | null;
  mrr: number | null;
}

/**
 * What the trainer does; `off` when the node was told not to train, `following` when it serves the model of a node
 * that does.
 */
export interface Training {
  state: "learning" | "waiting" | "unavailable" | "stopped" | "off" | "following";
  /** Why it does not learn, as one line. */
  problem?: string | null;
  version?: string | null;
  steps: number;
  trained: number;
  dropped: number;
  /** The share of taught examples that were trained on, not dropped. */
  coverage: number;
  /** From an event's acceptance to serving weights that learned from it. */
  freshnessP50Ms?: number | null;
  freshnessP99Ms?: number | null;
  published: number;
  rejected: number;
  rolledBack: number;
  /** Why the guard last refused a model. */
  lastRefusal?: string | null;
  courses: number;
}

export interface PartitionLag {
  partition: number;
  end: number;
  applied: number;
  stored: number;
  lag: number;
  state: string;
}

export interface Kafka {
  pausedSeconds: number;
  commitMs?: number | null;
  misrouted: number;
  retentionNear: number[];
}

export interface LiveFigures {
  time: string;
  modelVersion: string;
  events: { accepted: number; applied: number; perSecond: number };
  push: { count: number; p50Ms: number | null; p99Ms: number | null };
  sessions: { resident: number };
  watching: number;
  lag: PartitionLag[];
  judge: { window: number; contenders: Contender[] };
  training: Training;
  kafka?: Kafka;
  simulation: boolean;
  recentUsers: string[];
}

/** A member of the cluster. What it says of itself is left out while it has not answered. */
export interface ClusterNode {
  id?: string | null;
  url?: string | null;
  roles: string[];
  partitions: number[];
  modelVersion?: string | null;
  address: string;
  status: string;
  reachable: boolean;
}

/** The nodes that share the log and the store, as the one that answers sees them. */
export interface Cluster {
  node: string;
  nodes: ClusterNode[];
  shards: { partition: number; node?: string | null; lag?: number | null }[];
}

/** What the node said no to, as one line for a person. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const longestWaitMs = 10_000;

/** GETs JSON; a slow, unreachable or refusing node becomes an ApiError with one line. */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return send<T>(path, {}, signal);
}

/** Records one interaction over HTTP, for when the push connection is down. */
export function postEvent(event: Interaction): Promise<Receipt> {
  return send<Receipt>("/v1/events", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(event),
  });
}

async function send<T>(path: string, request: RequestInit, signal?: AbortSignal): Promise<T> {
  const limit = AbortSignal.timeout(longestWaitMs);
  let response: Response;
  try {
    response = await fetch(path, { ...request, signal: signal ? AbortSignal.any([signal, limit]) : limit });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(limit.aborted ? "The node took too long to answer." : "The node can’t be reached.", 0);
  }
  if (!response.ok) throw new ApiError(await problemLine(response), response.status);
  return (await response.json()) as T;
}

async function problemLine(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { title?: string; detail?: string };
    const parts = [problem.title, problem.detail].filter((part) => part);
    if (parts.length > 0) return parts.join(": ");
  } catch {
    // Not a problem document: the status has to do.
  }
  return `The node answered ${response.status} ${response.statusText}`.trim();
}

/** Builds a path with encoded parts: path`/v1/users/${id}`. */
export function path(strings: TemplateStringsArray, ...values: string[]): string {
  return String.raw({ raw: strings }, ...values.map(encodeURIComponent));
}

/** The one line to show for anything that was thrown. */
export function lineOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
