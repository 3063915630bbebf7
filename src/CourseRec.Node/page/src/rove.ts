/**
 * One tab stop for a row of buttons: arrows, Home and End move the focus inside it. Moving never presses.
 */
export function rove(event: KeyboardEvent): void {
  const row = event.currentTarget as HTMLElement;
  const buttons = [...row.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const target = placeFor(event.key, here, buttons.length);
  if (here < 0 || target === undefined) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = -1;
  const button = buttons[target];
  if (!button) return;
  button.tabIndex = 0;
  button.focus();
}

function placeFor(key: string, here: number, count: number): number | undefined {
  if (key === "ArrowRight" || key === "ArrowDown") return (here + 1) % count;
  if (key === "ArrowLeft" || key === "ArrowUp") return (here + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : undefined;
}
