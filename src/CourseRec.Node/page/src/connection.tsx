import { useEffect, useState } from "preact/hooks";
import type { LinkStatus } from "./hub";

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

/** Says that the connection is gone, with the attempt; and, for a moment, that it is back. Spoken once, by the page's live region. */
export function ConnectionBanner({ link, retryNow }: { link: LinkStatus; retryNow: () => void }) {
  const back = useJustBack(link);
  if (link.state === "reconnecting") {
    return (
      <div class="banner banner-lost" data-testid="connection-banner">
        <span title={link.reason}>
          <strong>The connection is down.</strong> Reconnecting, attempt {link.attempt}. What you see is the last that came in.
        </span>
        <button type="button" class="button button-small" onClick={retryNow}>
          Try now
        </button>
      </div>
    );
  }
  return back ? (
    <div class="banner banner-back" data-testid="connection-banner">
      <span>
        <strong>Connected again.</strong> Everything is up to date.
      </span>
    </div>
  ) : null;
}

function useJustBack({ state, epoch }: LinkStatus): boolean {
  const [wasLost, setWasLost] = useState(false);
  useEffect(() => {
    if (state === "reconnecting") setWasLost(true);
    if (state !== "connected") return;
    const timer = setTimeout(() => setWasLost(false), welcomeBackMs);
    return () => clearTimeout(timer);
  }, [state, epoch]);
  return wasLost && state === "connected";
}
