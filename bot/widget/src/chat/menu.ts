/** The header: name, size of the letters, and a menu with the rest. */

import { button, h, type Child } from "./dom";
import { icon } from "./icons";
import { resize, setTheme, theme, type Theme } from "./look";
import { WORDS } from "./words";

export interface Actions {
  person(): void;
  erase(): void;
  kept(): void;
  close: (() => void) | null;
}

export class Header {
  readonly element: HTMLElement;
  private readonly panel: HTMLElement;
  private readonly toggle = button("tool", () => this.show(this.panel.hidden !== false), icon("menu"), h("span", {}, WORDS.menu));
  private readonly smaller = button("tool letter", () => this.size(-1), "A−");
  private readonly larger = button("tool letter big", () => this.size(1), "A+");
  private readonly ofConversation: HTMLButtonElement[];

  constructor(actions: Actions) {
    const does = (act: () => void) => (): void => {
      this.show(false);
      act();
    };
    const person = button("entry", does(actions.person), icon("person"), WORDS.person);
    const erase = button("entry", does(actions.erase), icon("bin"), WORDS.erase);
    this.ofConversation = [person, erase];
    this.panel = h(
      "div",
      { id: "menu", class: "menu", hidden: true },
      person,
      erase,
      button("entry", does(actions.kept), icon("info"), WORDS.kept),
      h("fieldset", {}, h("legend", {}, WORDS.colours), ...this.themes()),
    );
    this.toggle.setAttribute("aria-expanded", "false");
    this.toggle.setAttribute("aria-controls", "menu");
    this.smaller.setAttribute("aria-label", WORDS.smaller);
    this.larger.setAttribute("aria-label", WORDS.larger);
    this.element = h(
      "header",
      { class: "top", onkeydown: (event) => this.key(event as KeyboardEvent) },
      h("div", { class: "brand" }, h("span", { class: "logo" }, icon("house")), h("div", {}, h("h1", {}, WORDS.name), h("p", {}, WORDS.tagline))),
      h("div", { class: "bar" }, this.smaller, this.larger, this.toggle, actions.close && this.closer(actions.close)),
      this.panel,
    );
    document.addEventListener("click", (event) => {
      if (!this.element.contains(event.target as Node)) this.show(false);
    });
  }

  /** Whether there is a conversation that a person can be asked into, or that can be erased. */
  conversing(on: boolean): void {
    for (const each of this.ofConversation) each.hidden = !on;
  }

  private closer(close: () => void): HTMLElement {
    const made = button("tool", close, icon("cross"));
    made.setAttribute("aria-label", WORDS.close);
    return made;
  }

  private themes(): Child[] {
    return (Object.keys(WORDS.themes) as Theme[]).map((each) =>
      h(
        "label",
        { class: "tick" },
        h("input", { type: "radio", name: "theme", checked: each === theme(), onchange: () => setTheme(each) }),
        h("span", {}, WORDS.themes[each]),
      ),
    );
  }

  private size(step: 1 | -1): void {
    const more = resize(step);
    (step === 1 ? this.larger : this.smaller).setAttribute("aria-disabled", String(!more));
    (step === 1 ? this.smaller : this.larger).setAttribute("aria-disabled", "false");
  }

  private show(on: boolean): void {
    this.panel.hidden = !on;
    this.toggle.setAttribute("aria-expanded", String(on));
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.panel.hidden) return;
    // Escape closes the menu first, and only then the window of the widget.
    event.stopPropagation();
    this.show(false);
    this.toggle.focus();
  }
}
