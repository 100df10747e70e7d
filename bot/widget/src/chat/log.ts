/** The conversation as it is seen and heard: one row per message. */

import { spoken } from "./blocks";
import { body, choices } from "./card";
import { button, empty, h } from "./dom";
import { thumbs } from "./feedback";
import { icon } from "./icons";
import { read, silence } from "./speech";
import type { Message } from "./types";
import { WORDS } from "./words";

/** What a row can ask for. */
export interface Wishes {
  press(payload: string, title: string): void;
  say(text: string): void;
  rate(message: string, value: 1 | -1, reason: string | null): Promise<boolean>;
  status(text: string): void;
}

/** Pixels left above a message that is scrolled to. */
const GAP = 12;

interface Live {
  row: HTMLElement;
  message: Message;
}

const RATED = ["answered", "not_covered", "out_of_scope", "clarify"];

export class Log {
  readonly element = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": WORDS.log, tabindex: 0 });
  private readonly rows = h("div", { class: "rows" });
  private readonly typing = h("p", { class: "typing" }, h("i"), h("i"), h("i"), h("span", {}, WORDS.thinking));
  private readonly own: { [id: string]: HTMLElement } = {};
  private live: Live[] = [];
  private readable = false;
  private reading: HTMLButtonElement | null = null;

  constructor(private readonly wishes: Wishes) {
    // It moves for the eye; for the ear the status line says it once.
    this.typing.setAttribute("aria-hidden", "true");
    this.element.appendChild(this.rows);
  }

  /** From now on answers can be read aloud. */
  offerReading(): void {
    this.readable = true;
    document.documentElement.setAttribute("data-readable", "");
  }

  /** Appends messages. */
  show(messages: Message[], past: boolean): void {
    // A screen reader need not hear again what was said before.
    this.element.setAttribute("aria-live", past ? "off" : "polite");
    let first: HTMLElement | null = null;
    for (const message of messages) {
      const row = message.role === "citizen" ? this.citizen(message) : this.answer(message);
      first = first || row;
    }
    if (past) this.toEnd();
    else if (first) this.scroll(first.offsetTop - GAP);
    setTimeout(() => this.element.setAttribute("aria-live", "polite"), past ? 500 : 0);
  }

  /** The citizen's own message in a state of its way. */
  mine(id: string, text: string, state: "sending" | "sent" | "failed"): void {
    let row = this.own[id];
    if (!row) {
      row = this.own[id] = this.bubble(text);
      this.close();
      this.toEnd();
    }
    row.setAttribute("data-state", state);
    const note = row.querySelector(".note");
    if (note) note.remove();
    if (state !== "sent") {
      row.appendChild(h("p", { class: "note" }, state === "sending" ? WORDS.sending : WORDS.failed));
    }
  }

  /** Shows or hides the dots. */
  busy(on: boolean): void {
    if (on) this.rows.appendChild(this.typing);
    else this.typing.remove();
    if (on) this.toEnd();
  }

  /** Takes everything away. */
  clear(): void {
    silence();
    empty(this.rows);
    this.live = [];
    for (const id of Object.keys(this.own)) delete this.own[id];
  }

  private citizen(message: Message): HTMLElement {
    this.close();
    return this.bubble(message.text);
  }

  private bubble(text: string): HTMLElement {
    return this.append(
      h("div", { class: "row mine" }, h("div", { class: "bubble" }, h("span", { class: "hidden" }, `${WORDS.mine}: `), text)),
    );
  }

  private answer(message: Message): HTMLElement {
    const officer = message.role === "officer";
    const row = h(
      "article",
      { class: officer ? "row officer" : "row bot", "aria-label": officer ? WORDS.officer : WORDS.bot },
      h("div", { class: "bubble" }, officer && h("p", { class: "who" }, icon("person"), WORDS.officer), body(message, true)),
    );
    const offered = choices(message, this.wishes.press, this.wishes.say);
    if (offered) row.appendChild(offered);
    row.appendChild(this.tools(message));
    this.live.push({ row, message });
    return this.append(row);
  }

  private tools(message: Message): HTMLElement {
    const box = h("div", { class: "tools" });
    const aloud = button("quiet listen", () => this.read(message, aloud), icon("speaker"), WORDS.listen);
    box.appendChild(aloud);
    const answer = message.answer;
    if (message.role === "bot" && answer && RATED.indexOf(answer.status) >= 0 && !isCourtesy(answer)) {
      const rate = (value: 1 | -1, reason: string | null): Promise<boolean> => this.wishes.rate(message.id, value, reason);
      box.appendChild(thumbs(rate, this.wishes.status, (added) => this.reveal(added)));
    }
    return box;
  }

  private read(message: Message, aloud: HTMLButtonElement): void {
    const again = this.reading === aloud;
    const ended = (): void => {
      empty(aloud);
      aloud.appendChild(icon("speaker"));
      aloud.appendChild(document.createTextNode(WORDS.listen));
      if (this.reading === aloud) this.reading = null;
    };
    silence();
    if (again || !this.readable) {
      ended();
      return;
    }
    read(spoken(message), ended);
    this.reading = aloud;
    empty(aloud);
    aloud.appendChild(icon("stop"));
    aloud.appendChild(document.createTextNode(WORDS.silence));
  }

  /** The conversation goes on: old buttons go, and what they said stands in the text again. */
  private close(): void {
    for (const { row, message } of this.live) {
      const offered = row.querySelector(".choices");
      if (!offered) continue;
      offered.remove();
      const old = row.querySelector(".body");
      if (old) old.parentNode!.replaceChild(body(message, false), old);
    }
    this.live = [];
  }

  private append(row: HTMLElement): HTMLElement {
    this.rows.appendChild(row);
    if (this.typing.parentNode) this.rows.appendChild(this.typing);
    return row;
  }

  private reveal(added: HTMLElement): void {
    const end = added.offsetTop + added.offsetHeight + GAP;
    if (end > this.element.scrollTop + this.element.clientHeight) this.scroll(end - this.element.clientHeight);
  }

  /** Scrolls the log alone: `scrollIntoView` would move the page around it too. */
  private scroll(top: number): void {
    const still = !("scrollBehavior" in this.element.style) || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still) this.element.scrollTop = top;
    else this.element.scrollTo({ top, behavior: "smooth" });
  }

  private toEnd(): void {
    this.scroll(this.element.scrollHeight);
  }
}

function isCourtesy(answer: { status: string; source: string }): boolean {
  return answer.source === "system" && answer.status === "answered";
}
