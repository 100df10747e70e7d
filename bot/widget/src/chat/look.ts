/** Size of the letters and colours, remembered for the next visit. */

import { shared } from "./memory";

export const SIZES = [90, 100, 120, 140, 170, 200] as const;
export type Theme = "auto" | "light" | "dark" | "contrast";
const THEMES: Theme[] = ["auto", "light", "dark", "contrast"];

/** The theme chosen. */
export function theme(): Theme {
  const kept = shared.get("theme") as Theme;
  return THEMES.indexOf(kept) >= 0 ? kept : "auto";
}

/** The size chosen, in per cent of the browser's own. */
export function size(): number {
  const kept = Number(shared.get("size"));
  return SIZES.indexOf(kept as (typeof SIZES)[number]) >= 0 ? kept : 100;
}

/** Chooses a theme. */
export function setTheme(wanted: Theme): void {
  shared.set("theme", wanted);
  apply();
}

/** One step larger or smaller; whether there is a further one. */
export function resize(step: 1 | -1): boolean {
  const at = Math.min(SIZES.length - 1, Math.max(0, SIZES.indexOf(size() as (typeof SIZES)[number]) + step));
  shared.set("size", String(SIZES[at]));
  apply();
  return SIZES[at + step] !== undefined;
}

/** Brings the page to what was chosen. */
export function apply(): void {
  const root = document.documentElement;
  root.setAttribute("data-theme", theme());
  root.style.fontSize = `${size()}%`;
  // Media queries know nothing of our size: the style sheet makes room for large letters by this.
  root.setAttribute("data-letters", size() > 130 ? "large" : "usual");
}
