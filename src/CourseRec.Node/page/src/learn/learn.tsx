import { CrossIcon } from "../icons";
import type { Learner } from "../learner";
import { useStore } from "../store";
import { Catalogue } from "./catalogue";
import { History } from "./history";
import { PushLatency } from "./push-latency";
import { Recommendations } from "./recommendations";
import { UserBar } from "./user-bar";

/** Be a learner: browse, act, and watch the list change. */
export function Learn({ learner, become }: { learner: Learner; become: (user: string) => void }) {
  const state = useStore(learner.state);
  return (
    <div class="learn">
      <h1 class="unseen">Learn</h1>
      <section class="who" aria-label="The learner">
        <UserBar user={state.user} applied={state.session?.applied} become={become} />
        <PushLatency samples={state.samples} />
      </section>
      {state.problem && (
        <p class="problem" role="alert">
          <span>{state.problem}</span>
          <button type="button" class="icon-button" aria-label="Close the message" onClick={learner.dismissProblem}>
            <CrossIcon />
          </button>
        </p>
      )}
      <History session={state.session} />
      <div class="columns">
        <Recommendations state={state} act={learner.act} />
        <Catalogue marks={state.marks} act={learner.act} epoch={state.link.epoch} />
      </div>
    </div>
  );
}
