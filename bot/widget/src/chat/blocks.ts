/** Takes the text of an answer apart. What is not recognised stays a paragraph, so that nothing said gets lost. */

import type { Answer, Button, Criterion, Verdict } from "./types";
import { OPENINGS, WORDS } from "./words";

export type Block =
  | { kind: "verdict"; verdict: Verdict; of: string }
  | { kind: "title"; text: string }
  | { kind: "section"; text: string; verdict: Verdict | null }
  | { kind: "paragraph"; text: string }
  | { kind: "list"; items: string[]; first: number | null }
  | { kind: "criteria"; items: Criterion[] }
  | { kind: "folded"; title: string; verdict: Verdict; items: string[] };

const MARKS: { [mark: string]: Verdict } = { "✓": "eligible", "✗": "not_eligible", "?": "unknown" };
const VERDICTS = Object.keys(WORDS.verdicts) as Verdict[];

/** The blocks of a text. Lines that the card shows by itself – sources, day, note, what buttons say – are left out. */
export function blocks(text: string, answer: Answer | null, buttons: Button[]): Block[] {
  const found: Block[] = [];
  for (const line of text.split("\n").map((each) => each.trim())) {
    if (line && !(answer && shownElsewhere(line, answer))) take(line, answer, found);
  }
  return found.filter((block) => !(block.kind === "list" && saidByButtons(block.items, answer, buttons)));
}

function shownElsewhere(line: string, answer: Answer): boolean {
  if (line.startsWith(OPENINGS.basis)) return answer.citations.length > 0;
  if (line.startsWith(OPENINGS.unverified)) return false;
  return answer.as_of !== null && line === `${OPENINGS.asOf}${day(answer.as_of)}.`;
}

function saidByButtons(items: string[], answer: Answer | null, buttons: Button[]): boolean {
  const titles = buttons.map((each) => each.title);
  return buttons.length > 0 && answer !== null && items.every((item) => titles.indexOf(item) >= 0);
}

function take(line: string, answer: Answer | null, found: Block[]): void {
  const last = found[found.length - 1];
  const verdict = /^(.+): ([^:]+)\.$/.exec(line);
  const said = verdict && VERDICTS.find((each) => WORDS.verdicts[each].toUpperCase() === verdict[2]);
  if (verdict && said) {
    found.push({ kind: "verdict", verdict: said, of: verdict[1]! });
    return;
  }
  const mark = MARKS[line[0]!];
  if (mark && line[1] === " ") {
    const item = criterion(line.slice(2), mark, answer);
    if (last && last.kind === "criteria") last.items.push(item);
    else found.push({ kind: "criteria", items: [item] });
    return;
  }
  const entry = /^(?:-|(\d{1,2})\.) (.+)$/.exec(line);
  if (entry) {
    const number = entry[1] ? Number(entry[1]) : null;
    if (last && last.kind === "list" && (last.first === null) === (number === null)) last.items.push(entry[2]!);
    else found.push({ kind: "list", items: [entry[2]!], first: number });
    return;
  }
  if (answer && line.startsWith(OPENINGS.papers) && answer.documents.length) {
    const papers = answer.documents.map((each) => each.replace(/\.$/, ""));
    if (papers.every((each) => line.indexOf(each) >= 0)) {
      found.push({ kind: "section", text: OPENINGS.papers.trim(), verdict: null });
      found.push({ kind: "list", items: papers, first: null });
      return;
    }
  }
  if (line.startsWith(OPENINGS.screening.not_eligible)) {
    const items = line.slice(OPENINGS.screening.not_eligible.length).replace(/\.$/, "").split("; ");
    const title = OPENINGS.screening.not_eligible.replace(/: $/, "");
    found.push({ kind: "folded", title, verdict: "not_eligible", items });
    return;
  }
  if (line.endsWith(":")) {
    const screened = (["eligible", "unknown"] as const).find((each) => line === OPENINGS.screening[each]) ?? null;
    found.push(found.length ? { kind: "section", text: line, verdict: screened } : { kind: "title", text: line });
    return;
  }
  found.push({ kind: "paragraph", text: line });
}

function criterion(said: string, verdict: Verdict, answer: Answer | null): Criterion {
  const known = answer && answer.criteria.find((each) => each.verdict === verdict && said.startsWith(each.label));
  return known || { label: said, verdict, value: null, legal_basis: "" };
}

/** "2026-11-25" or a time of that day as "25/11/2026". */
export function day(iso: string): string {
  return iso.slice(0, 10).split("-").reverse().join("/");
}

export type Piece = { kind: "text" | "amount" | "link"; text: string };

const PIECES = /(https:\/\/[^\s<>"]+[^\s<>".,;)])|(\d[\d.,]*(?: (?:đồng|triệu đồng|m²)(?:\/[^\s,;.()]+)*|%(?:\/năm)?))/g;

/** A line in pieces: sums to set in bold, addresses to open. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  PIECES.lastIndex = 0;
  for (let match = PIECES.exec(text); match; match = PIECES.exec(text)) {
    if (match.index > at) found.push({ kind: "text", text: text.slice(at, match.index) });
    found.push({ kind: match[1] ? "link" : "amount", text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: "text", text: text.slice(at) });
  return found;
}

/** What is read aloud: the answer without its sources, and with words in place of signs. */
export function spoken(message: { text: string; answer: Answer | null }): string {
  return message.text
    .split("\n")
    .filter((line) => !line.startsWith(OPENINGS.basis))
    .map((line) => {
      const mark = line[1] === " " ? MARKS[line[0]!] : undefined;
      return mark ? `${WORDS.marks[mark]}: ${line.slice(2).split(" – ")[0]}.` : line.replace(/^- /, "");
    })
    .join("\n")
    .replace(/https?:\/\/\S+/g, "")
    .replace(/\bBHYT\b/g, "bảo hiểm y tế")
    .replace(/\bBHXH\b/g, "bảo hiểm xã hội")
    .replace(/\bUBND\b/g, "Ủy ban nhân dân");
}
