import { useEffect, useState } from "preact/hooks";
import type { LinkStatus } from "./hub";

const patienceMs = 800;
const welcomeBackMs = 3000;

/** The small standing sign in the header. */
export function ConnectionPill({ link }: { link: LinkStatus }) {
  const words = {
    connected: "Connected",
    connecting: "Connecting…",
    reconnecting: `Reconnecting, attempt ${link.attempt}`,
  }[link.state];
  return (
    <span class="pill" data-testid="connection-status" data-state={link.state} title={words}>
      <span class="pill-dot" aria-hidden="true" />
      <span class="pill-words">{words}</span>
    </span>
  );
}

/**
 * Says that the connection is gone, with the attempt; and, for a moment, that it is back. One that ended with its node
 * comes back on another one before anybody need be told. Spoken once, by the page's live region.
 */
export function ConnectionBanner({ link, retryNow }: { link: LinkStatus; retryNow: () => void }) {
  const lost = useLost(link.state);
  if (!lost) return null;
  if (link.state === "connected") {
    return (
      <div class="banner banner-back" data-testid="connection-banner" data-state="back">
        <span>
          <strong>Connected again.</strong> Everything is up to date.
        </span>
      </div>
    );
  }
  return (
    <div class="banner banner-lost" data-testid="connection-banner" data-state="lost">
      <span title={link.reason}>
        <strong>The connection is down.</strong> Reconnecting, attempt {link.attempt}. What you see is the last that
        came in.
      </span>
      <button type="button" class="button button-small" onClick={retryNow}>
        Try now
      </button>
    </div>
  );
}

/** True from a moment after the connection was lost until a moment after it came back. */
function useLost(state: LinkStatus["state"]): boolean {
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (state === "connecting") return;
    const down = state === "reconnecting";
    const timer = setTimeout(() => setLost(down), down ? patienceMs : welcomeBackMs);
    return () => clearTimeout(timer);
  }, [state]);
  return lost;
}
