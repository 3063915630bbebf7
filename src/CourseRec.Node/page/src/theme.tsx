import { useState } from "preact/hooks";
import { MoonIcon, SunIcon, SystemIcon } from "./icons";
import { forget, recall, remember } from "./storage";
import { Store } from "./store";

type Theme = "system" | "light" | "dark";

const key = "courserec.theme";
const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const icons = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

/** Rises when the colours change, for what is drawn on a canvas. */
export const paletteRevision = new Store(0);
const changed = () => paletteRevision.set(paletteRevision.value + 1);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);

/** Steps through the system's theme, light and dark. public/theme.js applies the choice before the first paint. */
export function ThemeToggle() {
  const [theme, setTheme] = useState<Theme>(() => {
    const stored = recall(key);
    return stored === "light" || stored === "dark" ? stored : "system";
  });
  const Icon = icons[theme];
  const step = () => {
    const chosen = next[theme];
    if (chosen === "system") {
      forget(key);
      delete document.documentElement.dataset["theme"];
    } else {
      remember(key, chosen);
      document.documentElement.dataset["theme"] = chosen;
    }
    setTheme(chosen);
    changed();
  };
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={`Theme: ${theme}. Change it.`}
      title={`Theme: ${theme}`}
      onClick={step}
    >
      <Icon />
    </button>
  );
}
