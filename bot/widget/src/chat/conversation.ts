/**
 * The conversation: opens or takes up the session, sends each message once, and shows what others say.
 *
 * A message that gets no answer is sent again under its id until it does, also after a reload. The token is shared by
 * all tabs of this browser, so that they show one conversation.
 */

import { Refused, type Api } from "./api";
import { follow } from "./events";
import { newId } from "./ids";
import type { Memory } from "./memory";
import type { Message, Outgoing } from "./types";
import { WORDS } from "./words";

/** What the page does when something happens. */
export interface View {
  /** Messages in their order; `past` ones were said before the page was opened. */
  show(messages: Message[], past: boolean): void;
  /** The citizen's own message, on its way or not gone through. */
  mine(id: string, text: string, state: "sending" | "sent" | "failed"): void;
  /** Typed text that did not go through, for the citizen to mend or send again. */
  unsent(text: string): void;
  busy(on: boolean): void;
  status(text: string): void;
  clear(): void;
  /** There is no conversation any more; the text says why. */
  ended(text: string): void;
}

interface Waiting {
  message: Outgoing;
  text: string;
}

/** How to wait; tests wait otherwise. */
export type Pause = (seconds: number) => Promise<void>;

const RETRY_SECONDS = [1, 2, 4, 8, 15];
const STREAM_SECONDS = 3;
const POLL_SECONDS = 20;
const HISTORY_PAGE = 100;

export class Conversation {
  private readonly known = new Set<string>();
  private last: string | null = null;
  private sending = false;
  private round = 0;

  constructor(
    private readonly api: Api,
    private readonly shared: Memory,
    private readonly tab: Memory,
    private readonly view: View,
    private readonly pause: Pause,
  ) {}

  /** Whether this browser has a conversation to take up. */
  get open(): boolean {
    return this.token !== null;
  }

  private get token(): string | null {
    return this.shared.get("token");
  }

  /** Takes up the conversation of this browser, or opens one. */
  async start(): Promise<void> {
    this.view.busy(true);
    this.view.status(WORDS.opening);
    try {
      if (this.token) await this.restore();
      else await this.begin();
    } finally {
      this.view.busy(false);
    }
    if (!this.token) return;
    this.view.status("");
    void this.listen();
    await this.resume();
  }

  /** Sends typed text. */
  say(text: string): Promise<void> {
    return this.post({ id: newId(), text }, text);
  }

  /** Presses a button. */
  press(payload: string, title: string): Promise<void> {
    return this.post({ id: newId(), payload }, title);
  }

  /** Asks for a person. */
  person(): Promise<void> {
    return this.post({ id: newId(), human: true }, WORDS.person);
  }

  /** Whether the thumb has arrived. */
  async rate(message: string, value: 1 | -1, reason: string | null): Promise<boolean> {
    try {
      await this.api.rate(this.token ?? "", message, value, reason);
      return true;
    } catch {
      return false;
    }
  }

  /** Erases everything; whether it was done. */
  async erase(): Promise<boolean> {
    try {
      if (this.token) await this.api.erase(this.token);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 401)) return false;
    }
    this.end(WORDS.erased);
    return true;
  }

  /** Another tab has opened a conversation, or ended ours. */
  async follow(): Promise<void> {
    if (!this.token) this.end(WORDS.expired);
    else {
      this.forget();
      await this.start();
    }
  }

  private async begin(): Promise<void> {
    await this.insist(async () => {
      const { token, messages } = await this.api.open();
      this.shared.set("token", token);
      this.take(messages, false);
    });
  }

  private async restore(): Promise<void> {
    await this.insist(async () => this.take(await this.api.history(this.token!, null), true));
  }

  private async post(message: Outgoing, text: string): Promise<void> {
    if (this.sending) {
      this.view.status(WORDS.thinking);
      return;
    }
    const waiting = { message, text };
    this.tab.set("waiting", JSON.stringify(waiting));
    await this.deliver(waiting);
  }

  /** Sends again what was on its way when the page was closed or reloaded. */
  private async resume(): Promise<void> {
    const kept = this.tab.get("waiting");
    if (!kept) return;
    const waiting = JSON.parse(kept) as Waiting;
    if (this.known.has(waiting.message.id)) this.tab.set("waiting", null);
    else await this.deliver(waiting);
  }

  private async deliver({ message, text }: Waiting): Promise<void> {
    this.sending = true;
    this.known.add(message.id);
    this.view.mine(message.id, text, "sending");
    this.view.busy(true);
    try {
      await this.insist(async () => {
        const replies = await this.api.send(this.token ?? "", message);
        this.view.mine(message.id, text, "sent");
        this.view.status("");
        this.take(replies, false);
        // A button can have erased what stands above.
        if ("payload" in message) await this.compare();
      });
    } catch (error) {
      this.known.delete(message.id);
      if (this.token) this.view.mine(message.id, text, "failed");
      if ("text" in message) this.view.unsent(text);
      if (!(error instanceof Refused)) throw error;
    } finally {
      this.tab.set("waiting", null);
      this.sending = false;
      this.view.busy(false);
    }
  }

  /** Does the call again until it gets an answer; raises Refused for one that stays the same when asked again. */
  private async insist(call: () => Promise<void>): Promise<void> {
    const round = this.round;
    for (let attempt = 0; ; attempt += 1) {
      try {
        await call();
        return;
      } catch (error) {
        if (round !== this.round) throw error;
        const wait = RETRY_SECONDS[Math.min(attempt, RETRY_SECONDS.length - 1)]!;
        if (!(error instanceof Refused)) {
          this.view.status(navigator.onLine === false || attempt > 1 ? WORDS.offline : WORDS.slow);
          await this.pause(wait);
        } else if (error.status === 429) {
          const seconds = error.seconds || wait;
          this.view.status(WORDS.waiting(seconds));
          await this.pause(seconds);
        } else if (error.status >= 502 && error.status <= 504) {
          this.view.status(error.message || WORDS.slow);
          await this.pause(Math.max(wait, error.seconds));
        } else {
          if (error.status === 401) this.end(WORDS.expired);
          else this.view.status(error.message || WORDS.trouble);
          throw error;
        }
      }
    }
  }

  private take(messages: Message[], past: boolean): void {
    const fresh = messages.filter((message) => !this.known.has(message.id));
    for (const message of fresh) this.known.add(message.id);
    const newest = messages[messages.length - 1];
    if (newest) this.last = newest.id;
    if (fresh.length) this.view.show(fresh, past);
  }

  /** Fetches what was said behind the last message we know, by whomever. */
  private async pull(): Promise<void> {
    try {
      this.take(await this.api.history(this.token ?? "", this.last), false);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 404)) throw error;
      // Our last message is gone: erased from another tab.
      await this.compare();
    }
  }

  /** Shows the conversation anew when messages that are on the page have been erased. */
  private async compare(): Promise<void> {
    const history = await this.api.history(this.token ?? "", null);
    const there = new Set(history.map((message) => message.id));
    // A full page of history: the oldest are missing from it without having been erased.
    if (history.length >= HISTORY_PAGE || Array.from(this.known).every((id) => there.has(id))) return;
    this.known.clear();
    this.view.clear();
    this.take(history, true);
  }

  private async listen(): Promise<void> {
    const round = (this.round += 1);
    while (round === this.round && this.token) {
      let wait = STREAM_SECONDS;
      try {
        wait = await this.hear(round);
      } catch (error) {
        if (error instanceof Refused && error.status === 401 && round === this.round) this.end(WORDS.expired);
        if (error instanceof Refused && error.seconds) wait = error.seconds;
      }
      if (round === this.round) await this.pause(wait);
    }
  }

  /** Follows the stream until it ends; returns the seconds until the next look. */
  private async hear(round: number): Promise<number> {
    if (typeof ReadableStream === "undefined" || typeof TextDecoder === "undefined") {
      await this.pull();
      return POLL_SECONDS;
    }
    const response = await this.api.events(this.token!, this.last);
    if (!response.body) {
      await this.pull();
      return POLL_SECONDS;
    }
    let pulling = Promise.resolve();
    await follow(response, (event) => {
      if (round !== this.round) return false;
      if (event.name === "end") this.end(WORDS.expired);
      // The stream tells what bot and officers say; the history has the citizen's words from other tabs too.
      else if (!this.known.has((JSON.parse(event.data) as Message).id)) {
        pulling = pulling.then(() => this.pull()).catch(() => undefined);
      }
      return round === this.round;
    });
    await pulling;
    return STREAM_SECONDS;
  }

  private end(why: string): void {
    if (this.token) this.shared.set("token", null);
    this.tab.set("waiting", null);
    this.forget();
    this.view.ended(why);
  }

  private forget(): void {
    this.round += 1;
    this.known.clear();
    this.last = null;
    this.view.clear();
  }
}
