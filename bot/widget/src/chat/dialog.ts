/** A question that must be answered before anything else. `confirm()` is closed to frames of other sites. */

import { button, h, type Child } from "./dom";

export interface Option {
  title: string;
  strong?: boolean;
}

let count = 0;

/** Asks and returns the number of the option; Escape counts as the first, which must be the harmless one. */
export function ask(title: string, content: Child[], options: Option[]): Promise<number> {
  return new Promise((answered) => {
    const before = document.activeElement;
    const name = `dialog-${(count += 1)}`;
    const done = (index: number): void => {
      document.removeEventListener("keydown", keys, true);
      veil.remove();
      if (before instanceof HTMLElement) before.focus();
      answered(index);
    };
    const buttons = options.map((option, index) => button(option.strong ? "primary" : "choice", () => done(index), option.title));
    const keys = (event: KeyboardEvent): void => {
      if (event.key === "Escape") {
        event.stopPropagation();
        done(0);
      } else if (event.key === "Tab") {
        const at = buttons.indexOf(document.activeElement as HTMLButtonElement) + (event.shiftKey ? -1 : 1);
        event.preventDefault();
        buttons[(at + buttons.length) % buttons.length]!.focus();
      }
    };
    const veil = h(
      "div",
      { class: "veil" },
      h(
        "div",
        { class: "dialog", role: "alertdialog", "aria-modal": "true", "aria-labelledby": name, "aria-describedby": `${name}-text` },
        h("h2", { id: name }, title),
        h("div", { id: `${name}-text` }, ...content),
        h("div", { class: "buttons" }, ...buttons),
      ),
    );
    document.addEventListener("keydown", keys, true);
    document.body.appendChild(veil);
    buttons[0]!.focus();
  });
}
