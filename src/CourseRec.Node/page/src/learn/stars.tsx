import { useState } from "preact/hooks";
import { StarIcon } from "../icons";
import { rove } from "../rove";

interface StarsProps {
  title: string;
  rating: number | undefined;
  rate: (stars: number) => void;
}

const all = [1, 2, 3, 4, 5];

/** Rates a course: one tab stop, arrows move between the stars, Enter rates. */
export function Stars({ title, rating, rate }: StarsProps) {
  const [hovered, setHovered] = useState<number>();
  const lit = hovered ?? rating ?? 0;
  const label = rating ? `Rate ${title}; you gave ${rating} of 5` : `Rate ${title}`;
  return (
    <div class="stars" role="group" aria-label={label} onKeyDown={rove} onMouseLeave={() => setHovered(undefined)}>
      {all.map((stars) => (
        <button
          type="button"
          key={stars}
          class={stars <= lit ? "star star-lit" : "star"}
          data-testid="rate-button"
          data-value={stars}
          tabIndex={stars === (rating ?? 1) ? 0 : -1}
          aria-pressed={rating === stars}
          aria-label={stars === 1 ? "1 star" : `${stars} stars`}
          onMouseEnter={() => setHovered(stars)}
          onClick={() => rate(stars)}
        >
          <StarIcon filled={stars <= lit} />
        </button>
      ))}
    </div>
  );
}
