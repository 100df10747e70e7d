// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { Refused, type Api } from "../src/chat/api";
import { Conversation, type Pause, type View } from "../src/chat/conversation";
import { Memory } from "../src/chat/memory";
import type { Message, Outgoing } from "../src/chat/types";
import { message } from "./answers";

/** A gateway that runs each id once, and whose connection can be lost on either way. */
class FakeApi {
  history_: Message[] = [];
  ran: string[] = [];
  tried: string[] = [];
  /** Consumed one per call of `send`: lost before or after it ran, or refused. */
  faults: ("before" | "after" | Refused)[] = [];

  async open(): Promise<{ token: string; messages: Message[] }> {
    this.history_ = [message("greeting", "Dạ em chào")];
    return { token: "t", messages: this.history_ };
  }

  async history(_token: string, after: string | null): Promise<Message[]> {
    return this.history_.slice(after ? this.history_.findIndex((each) => each.id === after) + 1 : 0);
  }

  async send(_token: string, out: Outgoing): Promise<Message[]> {
    this.tried.push(out.id);
    const fault = this.faults.shift();
    if (fault === "before") throw new TypeError("lost");
    if (fault instanceof Refused) throw fault;
    if (this.ran.indexOf(out.id) < 0) {
      this.ran.push(out.id);
      const text = "text" in out ? out.text : "nút";
      this.history_.push(message(out.id, text, { role: "citizen", answer: null }), message(`re-${out.id}`, `Đáp: ${text}`));
    }
    if (fault === "after") throw new TypeError("lost");
    return this.history_.filter((each) => each.id === `re-${out.id}`);
  }

  async events(): Promise<never> {
    return new Promise(() => undefined);
  }

  async erase(): Promise<void> {
    this.history_ = [];
  }
}

class FakeView implements View {
  texts: string[] = [];
  states: string[] = [];
  statuses: string[] = [];
  endings: string[] = [];
  back: string[] = [];
  show(messages: Message[]): void {
    this.texts.push(...messages.map((each) => each.text));
  }
  mine(_id: string, text: string, state: string): void {
    if (state === "sending") this.texts.push(text);
    this.states.push(state);
  }
  unsent(text: string): void {
    this.back.push(text);
  }
  busy(): void {}
  status(text: string): void {
    this.statuses.push(text);
  }
  clear(): void {
    this.texts = [];
  }
  ended(why: string): void {
    this.endings.push(why);
  }
}

let api: FakeApi;
let view: FakeView;
let paused: number[];

function open(pause: Pause = async (seconds) => void paused.push(seconds)): Conversation {
  return new Conversation(api as unknown as Api, new Memory("localStorage"), new Memory("sessionStorage"), view, pause);
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  api = new FakeApi();
  view = new FakeView();
  paused = [];
});

test("a lost connection sends the same message again, and it runs once", async () => {
  const conversation = open();
  await conversation.start();
  api.faults = ["before", "after", "before"];
  await conversation.say("hỏi");
  expect(new Set(api.tried).size).toBe(1);
  expect([api.tried.length, api.ran.length]).toEqual([4, 1]);
  expect(paused).toEqual([1, 2, 4]);
  expect(view.texts).toEqual(["Dạ em chào", "hỏi", "Đáp: hỏi"]);
  expect(view.states[view.states.length - 1]).toBe("sent");
});

test("a gateway that is busy is asked again after the time it names", async () => {
  const conversation = open();
  await conversation.start();
  api.faults = [new Refused(429, "nhanh quá", 7), new Refused(503, "bận", 5)];
  await conversation.say("hỏi");
  expect(paused).toEqual([7, 5]);
  expect(view.texts).toContain("Đáp: hỏi");
});

test("what a reload interrupted is sent again under its id", async () => {
  api.faults = ["after"];
  // The page is closed while it waits to send again.
  const closed = open(() => new Promise(() => undefined));
  await closed.start();
  void closed.say("hỏi");
  await Promise.resolve();
  view = new FakeView();
  expect(sessionStorage.getItem("ansinh.waiting")).not.toBeNull();
  await open().start();
  expect(api.ran.length).toBe(1);
  expect(view.texts.filter((text) => text === "hỏi").length).toBe(1);
  expect(sessionStorage.getItem("ansinh.waiting")).toBeNull();
});

test("a message that is refused comes back to be mended", async () => {
  const conversation = open();
  await conversation.start();
  api.faults = [new Refused(400, "không đọc được", 0)];
  await conversation.say("hỏi");
  expect(view.states).toEqual(["sending", "failed"]);
  expect(view.back).toEqual(["hỏi"]);
  expect(view.statuses[view.statuses.length - 1]).toBe("không đọc được");
});

test("a conversation that is over says so, and keeps what was typed", async () => {
  const conversation = open();
  await conversation.start();
  api.faults = [new Refused(401, "hết hạn", 0)];
  await conversation.say("hỏi");
  expect(view.endings.length).toBe(1);
  expect(view.back).toEqual(["hỏi"]);
  expect(conversation.open).toBe(false);
});

test("a button that erases takes what stood on the page away", async () => {
  const conversation = open();
  await conversation.start();
  await conversation.say("chuyện nhà tôi");
  const send = api.send.bind(api);
  api.send = async (token, out) => {
    api.history_ = [];
    return send(token, out);
  };
  await conversation.press("payload", "Xóa dữ liệu của tôi");
  expect(view.texts.join()).not.toContain("chuyện nhà tôi");
  expect(view.texts[view.texts.length - 1]).toBe("Đáp: nút");
});

test("a second message waits for the first", async () => {
  const conversation = open();
  await conversation.start();
  await Promise.all([conversation.say("một"), conversation.say("hai")]);
  expect(api.ran.length).toBe(1);
});

test("a browser that forbids storage still talks", async () => {
  Object.defineProperty(window, "localStorage", { configurable: true, get: () => { throw new Error("forbidden"); } });
  try {
    const conversation = open();
    await conversation.start();
    await conversation.say("hỏi");
    expect(view.texts).toContain("Đáp: hỏi");
  } finally {
    delete (window as { localStorage?: Storage }).localStorage;
  }
});
