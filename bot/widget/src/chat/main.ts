/** Puts the page together. */

import "../styles/chat.css";
import { Api } from "./api";
import { Composer } from "./composer";
import { Conversation, type View } from "./conversation";
import { ask } from "./dialog";
import { button, h } from "./dom";
import { Host } from "./host";
import { icon } from "./icons";
import { Log } from "./log";
import * as look from "./look";
import { shared, tab } from "./memory";
import { Header } from "./menu";
import { notice } from "./notice";
import { hasIdNumber } from "./personal";
import { whenReadable } from "./speech";
import { WORDS } from "./words";

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    addEventListener("online", done);
  });
}

function run(root: HTMLElement): void {
  const hours = Number(root.getAttribute("data-session-hours"));
  const days = Number(root.getAttribute("data-text-days"));
  const host = root.hasAttribute("data-embedded") ? new Host() : null;
  const title = document.title;

  const status = h("p", { class: "status", role: "status" });
  const say = (text: string): void => {
    status.textContent = text;
  };
  const log = new Log({
    press: (payload, name) => void conversation.press(payload, name),
    say: (text) => void send(text),
    rate: (message, value, reason) => conversation.rate(message, value, reason),
    status: say,
  });
  const composer = new Composer((text) => void send(text), say, Number(root.getAttribute("data-longest")));
  const header = new Header({
    person: () => void conversation.person(),
    erase: () => void erase(),
    kept: () => void ask(WORDS.kept, notice(hours, days), [{ title: WORDS.understood, strong: true }]),
    close: host && (() => host.tell("close")),
  });
  const main = h("main", {});

  const view: View = {
    show(messages, past) {
      log.show(messages, past);
      if (!past && (document.hidden || host)) {
        if (document.hidden) document.title = WORDS.news + title;
        if (host) host.tell("news");
      }
    },
    mine: (id, text, state) => log.mine(id, text, state),
    unsent: (text) => composer.restore(text),
    busy(on) {
      log.busy(on);
      composer.busy(on);
      if (on && conversation.open) say(WORDS.thinking);
      else if (status.textContent === WORDS.thinking) say("");
    },
    status: say,
    clear: () => log.clear(),
    ended: welcome,
  };
  const conversation: Conversation = new Conversation(new Api("/api/web"), shared, tab, view, pause);

  async function send(text: string): Promise<void> {
    if (hasIdNumber(text)) {
      const options = [{ title: WORDS.idBack, strong: true }, { title: WORDS.idSend }];
      if ((await ask(WORDS.idTitle, [h("p", {}, WORDS.idText)], options)) === 0) {
        composer.restore(text);
        composer.focus();
        return;
      }
    }
    await conversation.say(text);
  }

  async function erase(): Promise<void> {
    const options = [{ title: WORDS.eraseNo }, { title: WORDS.eraseYes, strong: true }];
    if ((await ask(WORDS.eraseTitle, [h("p", {}, WORDS.eraseText)], options)) === 1 && !(await conversation.erase())) {
      say(WORDS.notErased);
    }
  }

  function fill(...parts: Node[]): void {
    main.textContent = "";
    for (const part of parts) main.appendChild(part);
  }

  /** The notice before the first use; `why` says what has ended, if anything. */
  function welcome(why: string): void {
    header.conversing(false);
    const begin = button("primary begin", () => void talk(true), WORDS.begin);
    const told = why && h("p", { class: "ending" }, icon("info"), why);
    fill(
      h("div", { class: "welcome", tabindex: 0 }, h("section", { class: "card" }, told, h("h2", {}, WORDS.before), ...notice(hours, days))),
      status,
      h("div", { class: "foot" }, begin),
    );
    say("");
    if (why) begin.focus();
  }

  async function talk(focus: boolean): Promise<void> {
    header.conversing(true);
    fill(log.element, status, composer.element);
    // On a phone the keyboard would cover what is said first.
    if (focus) (matchMedia("(pointer: fine)").matches ? composer : log.element).focus();
    try {
      await conversation.start();
    } catch {
      if (!conversation.open) {
        const trouble = status.textContent || WORDS.trouble;
        welcome("");
        say(trouble);
      }
    }
  }

  look.apply();
  document.body.insertBefore(header.element, document.body.firstChild);
  root.parentNode!.replaceChild(main, root);
  whenReadable(() => log.offerReading());
  addEventListener("storage", (event) => {
    if (event.key === "ansinh.token" && event.newValue !== event.oldValue) {
      if (event.newValue && main.querySelector(".welcome")) void talk(false);
      else if (!main.querySelector(".welcome")) void conversation.follow();
    } else if (event.key === "ansinh.theme" || event.key === "ansinh.size") look.apply();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) document.title = title;
  });
  if (host) {
    addEventListener("keydown", (event) => {
      if (event.key === "Escape") host.tell("close");
    });
    host.onShown(() => {
      const first = main.querySelector<HTMLElement>(".begin, textarea");
      if (first) first.focus();
    });
    host.tell("ready");
  }
  if (conversation.open) void talk(!host);
  else welcome("");
}

run(document.getElementById("app")!);
