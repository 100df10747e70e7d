/** Where the citizen writes or speaks. */

import { button, empty, h } from "./dom";
import { icon } from "./icons";
import { canHear, hear } from "./speech";
import { WORDS } from "./words";

const TALLEST = 160;

export class Composer {
  readonly element: HTMLFormElement;
  private readonly input: HTMLTextAreaElement;
  private readonly send = h("button", { type: "submit", class: "send" }, icon("send"), h("span", {}, WORDS.send));
  private readonly microphone = button("round", () => this.listen(), icon("microphone"));
  private stop: (() => void) | null = null;
  private waiting = false;

  constructor(
    private readonly submit: (text: string) => void,
    private readonly status: (text: string) => void,
    longest: number,
  ) {
    this.input = h("textarea", {
      id: "ask",
      rows: 1,
      maxlength: longest,
      placeholder: WORDS.placeholder,
      enterkeyhint: "send",
      oninput: () => this.grow(),
      onkeydown: (event) => this.key(event as KeyboardEvent),
    });
    this.element = h(
      "form",
      { class: "composer", autocomplete: "off", onsubmit: (event) => this.go(event) },
      h("label", { for: "ask", class: "hidden" }, WORDS.ask),
      canHear() && this.microphone,
      this.input,
      this.send,
    );
    this.named(WORDS.speak);
  }

  /** While a message is on its way none follows; writing goes on. */
  busy(on: boolean): void {
    this.waiting = on;
    this.send.disabled = on;
  }

  /** Brings back text that did not go through. */
  restore(text: string): void {
    if (!this.input.value) this.input.value = text;
    this.grow();
  }

  focus(): void {
    this.input.focus();
  }

  private go(event: Event): void {
    event.preventDefault();
    const text = this.input.value.trim();
    if (!text || this.waiting) return;
    if (this.stop) this.stop();
    this.input.value = "";
    this.grow();
    this.submit(text);
  }

  private key(event: KeyboardEvent): void {
    // While a Vietnamese keyboard is composing, Enter ends the word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.go(event);
  }

  private grow(): void {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight + 4, TALLEST)}px`;
  }

  private listen(): void {
    if (this.stop) {
      this.stop();
      return;
    }
    const before = this.input.value ? `${this.input.value} ` : "";
    this.named(WORDS.speaking);
    this.status(WORDS.speaking);
    this.stop = hear(
      (text) => {
        this.input.value = before + text;
        this.grow();
      },
      (failure) => {
        this.stop = null;
        this.named(WORDS.speak);
        this.status(failure === "not-allowed" ? WORDS.microphone : failure && failure !== "aborted" ? WORDS.notHeard : "");
        this.focus();
      },
    );
  }

  private named(title: string): void {
    empty(this.microphone);
    this.microphone.appendChild(icon(title === WORDS.speak ? "microphone" : "stop"));
    this.microphone.setAttribute("aria-label", title);
    this.microphone.setAttribute("title", title);
  }
}
