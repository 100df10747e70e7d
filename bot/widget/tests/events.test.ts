import { expect, test } from "vitest";
import { split } from "../src/chat/events";

test("whole events are told, an unfinished one is kept", () => {
  const [events, rest] = split('retry: 3000\n\nevent: message\nid: a\ndata: {"x":1}\n\n: heartbeat\n\nevent: message\nda');
  expect(events).toEqual([{ name: "message", data: '{"x":1}' }]);
  expect(rest).toBe("event: message\nda");
});

test("the parts of an event may come in any pieces", () => {
  const whole = "event: end\ndata: {}\n\nevent: message\ndata: Dạ\n\n";
  const seen: string[] = [];
  let rest = "";
  for (const letter of whole) {
    const [events, left] = split(rest + letter);
    rest = left;
    seen.push(...events.map((event) => `${event.name} ${event.data}`));
  }
  expect(seen).toEqual(["end {}", "message Dạ"]);
});
