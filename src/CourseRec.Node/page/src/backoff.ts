const firstMs = 500;
const longestMs = 8_000;

/**
 * How long to wait before a connection attempt: doubling up to 8 s, with half of it random, so that a restarted node
 * is not met by everybody at once.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 10));
  return full * (0.5 + 0.5 * random());
}
