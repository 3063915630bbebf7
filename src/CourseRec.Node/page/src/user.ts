// Who the visitor is: a fresh guest until another learner is chosen, remembered by the browser.

import { recall, remember } from "./storage";

const key = "courserec.user";

/** Random hexadecimal digits; unlike randomUUID this also works on a page served without TLS. */
export function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, "0")).join("");
}

export function newGuest(): string {
  return `guest-${randomHex(4)}`;
}

export function rememberedUser(): string {
  const user = recall(key) ?? newGuest();
  remember(key, user);
  return user;
}

export function rememberUser(user: string): void {
  remember(key, user);
}
