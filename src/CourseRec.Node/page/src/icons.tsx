// The few icons the page needs, drawn in the text's colour and hidden from screen readers: the button beside them
// has the words.

import type { ComponentChildren } from "preact";

function Icon({ children, filled = false }: { children: ComponentChildren; filled?: boolean }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill={filled ? "currentColor" : "none"}
      stroke="currentColor"
    >
      {children}
    </svg>
  );
}

export const Logo = () => (
  <svg class="logo" viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="9" class="logo-ground" />
    <path class="logo-line" d="M8 21.5 13.5 15l4 3.5L24 10.5" />
    <circle class="logo-dot" cx="24" cy="10.5" r="2.6" />
  </svg>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="9" cy="9" r="5.25" />
    <path d="m13 13 4 4" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon>
    <path d="m5.5 5.5 9 9m0-9-9 9" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 10.5 3.5 3.5 7.5-8" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon>
    <path d="m6 8 4 4 4-4" />
  </Icon>
);

export const StarIcon = ({ filled }: { filled: boolean }) => (
  <Icon filled={filled}>
    <path d="m10 3 2.1 4.5 4.9.65-3.6 3.4.95 4.9L10 14.05 5.65 16.45l.95-4.9L3 8.15l4.9-.65z" />
  </Icon>
);

export const DiceIcon = () => (
  <Icon>
    <rect x="3.5" y="3.5" width="13" height="13" rx="3" />
    <path d="M7.2 7.2h.01M12.8 12.8h.01M12.8 7.2h.01M7.2 12.8h.01M10 10h.01" stroke-width="2.2" />
  </Icon>
);

export const SunIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3.25" />
    <path
        d="M10 2.5v1.5m0 12v1.5M2.5 10h1.5m12 0h1.5M4.7 4.7l1.05 1.05m8.5 8.5 1.05 1.05m0-10.6-1.05 1.05m-8.5 8.5L4.7
          15.3"
      />
  </Icon>
);

export const MoonIcon = () => (
  <Icon>
    <path d="M16.5 11.7A6.75 6.75 0 0 1 8.3 3.5a6.75 6.75 0 1 0 8.2 8.2z" />
  </Icon>
);

export const SystemIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 3.5v13a6.5 6.5 0 0 0 0-13z" fill="currentColor" />
  </Icon>
);
