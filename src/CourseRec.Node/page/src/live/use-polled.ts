import { useEffect, useState } from "preact/hooks";
import { get } from "../api";

/**
 * What a path answers, read while the view is open and the page visible. A failed reading leaves the last one: the
 * view above it says that the node is silent.
 */
export function usePolled<T>(path: string, everyMs: number): T | undefined {
  const [answer, setAnswer] = useState<T>();
  useEffect(() => {
    const abort = new AbortController();
    const load = () => get<T>(path, abort.signal).then(setAnswer, () => undefined);
    void load();
    const timer = setInterval(() => void (document.hidden || load()), everyMs);
    return () => {
      abort.abort();
      clearInterval(timer);
    };
  }, [path, everyMs]);
  return answer;
}
