import { useEffect, useState } from "preact/hooks";
import { get, lineOf, type LiveFigures } from "../api";
import { Recorder } from "./recorder";

const everyMs = 1000;

/** Outlives the view, so that a look at Learn and back keeps the plots. */
const recorder = new Recorder();
let newest: LiveFigures | undefined;

export interface Live {
  figures: LiveFigures | undefined;
  recorder: Recorder;
  /** Why there is no newer reading, as one line. */
  problem: string | undefined;
}

/** The live figures, read once a second while the view is open and the page visible. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ figures: newest, recorder, problem: undefined });
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const poll = async () => {
      if (!document.hidden) {
        try {
          newest = await get<LiveFigures>("/v1/live", abort.signal);
          recorder.add(newest);
          if (!abort.signal.aborted) setLive({ figures: newest, recorder, problem: undefined });
        } catch (error) {
          if (abort.signal.aborted) return;
          setLive({ figures: newest, recorder, problem: lineOf(error) });
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void poll(), everyMs);
    };
    void poll();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, []);
  return live;
}
