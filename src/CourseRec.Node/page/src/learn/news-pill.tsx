import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RecommendationList } from "../api";
import type { Move } from "../learner";

const shownMs = 6000;

interface NewsPillProps {
  list: RecommendationList | undefined;
  moves: ReadonlyMap<string, Move>;
  target: RefObject<HTMLElement | null>;
}

/** On a small screen the list is often out of view when it changes: this says so, and leads there. */
export function NewsPill({ list, moves, target }: NewsPillProps) {
  const [shown, setShown] = useState(false);
  const changed = [...moves.values()].filter((move) => move !== 0).length;
  useEffect(() => {
    const bottom = target.current?.parentElement?.parentElement?.getBoundingClientRect().bottom ?? 0;
    setShown(changed > 0 && bottom < 80);
    const timer = setTimeout(() => setShown(false), shownMs);
    return () => clearTimeout(timer);
  }, [list]);
  if (!shown) return null;
  const lead = () => {
    setShown(false);
    target.current?.focus({ preventScroll: true });
    target.current?.scrollIntoView({ block: "start" });
  };
  return (
    <button type="button" class="news" onClick={lead}>
      ↑ Your list changed
    </button>
  );
}
