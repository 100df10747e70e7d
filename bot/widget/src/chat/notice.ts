/** What a citizen should know before the first question, and can read again later. */

import { h, type Child } from "./dom";
import { shared } from "./memory";
import { canHear } from "./speech";
import { WORDS } from "./words";

/** The notice as a list of short answers: a conversation lasts `hours`, its words are kept for `days`. */
export function notice(hours: number, days: number): Child[] {
  const entries = WORDS.notice(hours, days, shared.lasts).map(([title, text]) => [h("dt", {}, title), h("dd", {}, text)]);
  return [
    h("dl", { class: "facts" }, ...entries.reduce((all, each) => all.concat(each), [])),
    canHear() && h("p", { class: "small" }, WORDS.speechNote),
  ];
}
