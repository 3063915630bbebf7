import { useEffect, useRef, useState } from "preact/hooks";
import { get, lineOf, type LiveFigures } from "../api";
import { DiceIcon } from "../icons";
import { newGuest } from "../user";
import { count } from "../words";

interface UserBarProps {
  user: string;
  applied: number | undefined;
  become: (user: string) => void;
}

/** Who you are: any user by id, one of the recent ones, or a fresh guest. */
export function UserBar({ user, applied, become }: UserBarProps) {
  const [problem, setProblem] = useState<string>();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.value = user;
    setProblem(undefined);
  }, [user]);

  const submit = (event: Event) => {
    event.preventDefault();
    const chosen = box.current?.value.trim();
    if (chosen) become(chosen);
  };
  const surprise = async () => {
    try {
      const { recentUsers } = await get<LiveFigures>("/v1/live");
      const others = recentUsers.filter((other) => other !== user);
      const chosen = others[Math.floor(Math.random() * others.length)];
      if (chosen) become(chosen);
      else setProblem("Nobody else has been here lately.");
    } catch (error) {
      setProblem(lineOf(error));
    }
  };

  return (
    <form class="user-bar" onSubmit={submit}>
      <label class="eyebrow" for="user">
        You are
      </label>
      <div class="user-row">
        <input
          id="user"
          ref={box}
          data-testid="user-input"
          class="field user-field"
          defaultValue={user}
          maxLength={128}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          aria-describedby="user-note"
        />
        <button class="button">Switch</button>
        <button type="button" class="button" data-testid="surprise-button" onClick={() => void surprise()}>
          <DiceIcon /> Surprise me
        </button>
        <button
          type="button"
          class="button button-quiet"
          data-testid="guest-button"
          onClick={() => become(newGuest())}
        >
          New guest
        </button>
      </div>
      <p id="user-note" class="note" data-testid="user-note" role={problem ? "alert" : undefined}>
        {problem ?? userNote(applied)}
      </p>
    </form>
  );
}

function userNote(applied: number | undefined): string {
  if (!applied) return "Nothing known yet: the first click decides.";
  return applied === 1 ? "1 interaction so far" : `${count(applied)} interactions so far`;
}
