import { useEffect, useMemo, useState } from "preact/hooks";
import { announcement } from "./announce";
import { ConnectionBanner, ConnectionPill } from "./connection";
import { Logo } from "./icons";
import { Learn } from "./learn/learn";
import { Learner } from "./learner";
import { Live } from "./live/live";
import { useStore } from "./store";
import { ThemeToggle } from "./theme";
import { rememberedUser, rememberUser } from "./user";

type Route = "learn" | "live";

function routeNow(): Route {
  return location.hash === "#/live" ? "live" : "learn";
}

function useRoute(): Route {
  const [route, setRoute] = useState(routeNow);
  useEffect(() => {
    const follow = () => {
      setRoute(routeNow());
      window.scrollTo(0, 0);
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return route;
}

/** The learner being shown; connected for as long as they are. */
function useLearner(user: string): Learner {
  const learner = useMemo(() => new Learner(user), [user]);
  useEffect(() => {
    learner.start();
    return () => learner.stop();
  }, [learner]);
  return learner;
}

export function App() {
  const route = useRoute();
  const [user, setUser] = useState(rememberedUser);
  const learner = useLearner(user);
  const { link } = useStore(learner.state);
  const become = (chosen: string) => {
    rememberUser(chosen);
    setUser(chosen);
  };

  useEffect(() => {
    document.title = route === "live" ? "Live · CourseRec" : "Learn · CourseRec";
  }, [route]);

  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <div class="top-row">
          <span class="brand">
            <Logo />
            <span class="brand-name">CourseRec</span>
          </span>
          <nav class="nav" aria-label="Views">
            <NavLink route="learn" current={route} label="Learn" />
            <NavLink route="live" current={route} label="Live" />
          </nav>
          <span class="top-end">
            <ConnectionPill link={link} />
            <ThemeToggle />
          </span>
        </div>
        <ConnectionBanner link={link} retryNow={learner.retryNow} />
      </header>
      <main id="main" tabIndex={-1}>
        {/* Learn stays as it was left: the search, the page, what is open. */}
        <div hidden={route !== "learn"}>
          <Learn learner={learner} become={become} />
        </div>
        {route === "live" && <Live />}
      </main>
      <Announcer />
    </>
  );
}

function NavLink({ route, current, label }: { route: Route; current: Route; label: string }) {
  return (
    <a href={`#/${route}`} data-testid={`nav-${route}`} aria-current={route === current ? "page" : undefined}>
      {label}
    </a>
  );
}

function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {useStore(announcement)}
    </div>
  );
}

/** The hash holds the route, so the skip link moves the focus itself. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
