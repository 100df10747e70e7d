/** One message as a card: the answer's own words in readable form, its sources folded beneath. */

import { blocks, day, pieces, type Block } from "./blocks";
import { add, button, h, type Child } from "./dom";
import { icon, type IconName } from "./icons";
import { safe } from "./links";
import type { Answer, Citation, Criterion, Message, Verdict } from "./types";
import { OPENINGS, WORDS } from "./words";

const ICONS: { [verdict in Verdict]: IconName } = { eligible: "tick", not_eligible: "cross", unknown: "question" };

/** The body of a message; `live` says that its buttons can be pressed, and so need not be told again in the text. */
export function body(message: Message, live: boolean): HTMLElement {
  const parts = blocks(message.text, message.answer, live ? message.buttons : []);
  const box = h("div", { class: "body" });
  if (message.answer && message.answer.verdict && !parts.some((part) => part.kind === "verdict")) {
    box.appendChild(banner(message.answer.verdict, ""));
  }
  add(box, parts.map(shown));
  if (message.answer) add(box, closing(message.answer, message.text));
  return box;
}

function shown(block: Block): HTMLElement {
  switch (block.kind) {
    case "verdict":
      return banner(block.verdict, block.of);
    case "title":
      return h("h2", {}, ...rich(block.text.replace(/:$/, "")));
    case "section":
      return h(
        "h3",
        block.verdict ? { class: block.verdict } : {},
        block.verdict && sign(block.verdict),
        block.text.replace(/:$/, ""),
      );
    case "paragraph":
      return h("p", block.text.startsWith(OPENINGS.unverified) ? { class: "warning" } : {}, ...rich(block.text));
    case "list":
      return block.first === null
        ? h("ul", {}, ...block.items.map((item) => h("li", {}, ...entry(item))))
        : h("ol", { start: block.first }, ...block.items.map((item) => h("li", {}, ...rich(item))));
    case "criteria":
      return h("ul", { class: "criteria" }, ...block.items.map(criterion));
    case "folded":
      return h(
        "details",
        { class: block.verdict },
        h("summary", {}, sign(block.verdict), `${block.title} (${block.items.length})`),
        h("ul", {}, ...block.items.map((item) => h("li", {}, item))),
      );
  }
}

function banner(verdict: Verdict, of: string): HTMLElement {
  const words = h("strong", {}, WORDS.verdicts[verdict]);
  return h("h2", { class: `verdict ${verdict}` }, sign(verdict), h("span", {}, of && h("span", { class: "of" }, of), words));
}

function sign(verdict: Verdict): HTMLElement {
  return h("span", { class: "sign" }, icon(ICONS[verdict]));
}

function criterion(item: Criterion): HTMLElement {
  return h(
    "li",
    { class: item.verdict },
    sign(item.verdict),
    h(
      "span",
      {},
      h("span", { class: "hidden" }, `${WORDS.marks[item.verdict]}: `),
      ...rich(item.label),
      item.value && h("span", { class: "told" }, WORDS.told(item.value)),
      item.legal_basis && h("span", { class: "article" }, item.legal_basis),
    ),
  );
}

/** "Trợ cấp mỗi tháng: 540.000 đồng": what it is, then the figure. */
function entry(item: string): Child[] {
  const parts = /^([^:]{3,90}): (.+)$/.exec(item);
  return parts ? [h("span", { class: "label" }, ...rich(`${parts[1]!}: `)), ...rich(parts[2]!)] : rich(item);
}

function rich(text: string): Child[] {
  return pieces(text).map((piece) => {
    if (piece.kind === "amount") return h("strong", { class: "amount" }, piece.text);
    return piece.kind === "link" ? link(piece.text, piece.text) : piece.text;
  });
}

function link(address: string | null, ...children: Child[]): Child {
  const href = safe(address);
  if (!href) return h("span", {}, ...children);
  return h(
    "a",
    { href, target: "_blank", rel: "noopener noreferrer" },
    ...children,
    h("span", { class: "hidden" }, ` (${WORDS.newPage})`),
  );
}

function closing(answer: Answer, text: string): Child[] {
  const dated = answer.as_of && (answer.citations.length > 0 || text.indexOf(OPENINGS.asOf + day(answer.as_of)) >= 0);
  const past = text.indexOf(OPENINGS.asOfPast) >= 0;
  return [
    !answer.verified && text.indexOf(OPENINGS.unverified) < 0 && h("p", { class: "warning" }, WORDS.unverified),
    answer.office && text.indexOf(answer.office) < 0 && h("p", {}, WORDS.office(answer.office)),
    answer.citations.length > 0 && sources(answer.citations),
    safe(answer.checklist_url) &&
      h("p", { class: "takeaway" }, link(answer.checklist_url, icon("paper"), h("span", {}, WORDS.checklist))),
    dated && !past && h("p", { class: "day" }, WORDS.asOf(day(answer.as_of!))),
  ];
}

function sources(citations: Citation[]): HTMLElement {
  const documents: Citation[][] = [];
  for (const citation of citations) {
    const same = documents.find((each) => each[0]!.document === citation.document);
    if (same) same.push(citation);
    else documents.push([citation]);
  }
  return h(
    "details",
    { class: "sources" },
    h("summary", {}, WORDS.sources(documents.length)),
    h("ul", {}, ...documents.map((each) => h("li", {}, ...source(each)))),
  );
}

function source(citations: Citation[]): Child[] {
  const first = citations[0]!;
  const articles: string[] = [];
  for (const { article } of citations) if (article && articles.indexOf(article) < 0) articles.push(article);
  const dates = [
    first.effective_from && WORDS.since(day(first.effective_from)),
    first.effective_to && WORDS.until(day(first.effective_to)),
  ].filter(Boolean);
  return [
    link(first.url, first.document),
    articles.length > 0 && `: ${articles.join("; ")}`,
    dates.length > 0 && h("span", { class: "article" }, dates.join(" ")),
  ];
}

/** The buttons of a message; with several choices at once as boxes to tick, sent as their numbers. */
export function choices(
  message: Message,
  press: (payload: string, title: string) => void,
  say: (text: string) => void,
): HTMLElement | null {
  if (!message.buttons.length) return null;
  const asks = message.answer && message.answer.asks;
  const several = asks && asks.multiple && asks.choices.length > 1 ? asks.choices : [];
  const rest = message.buttons.filter((each) => several.indexOf(each.title) < 0);
  return h(
    "div",
    { class: "choices" },
    several.length > 0 && tickBoxes(several, say),
    h(
      "div",
      { role: "group", "aria-label": WORDS.choose, class: "buttons" },
      ...rest.map((each) => button("choice", () => press(each.payload, each.title), each.title)),
    ),
  );
}

function tickBoxes(titles: string[], say: (text: string) => void): HTMLElement {
  const boxes = titles.map((_, index) => h("input", { type: "checkbox", value: index + 1 }));
  const send = button(
    "primary",
    () => say(boxes.filter((box) => box.checked).map((box) => box.value).join(" và ")),
    WORDS.sendChosen,
  );
  const refresh = (): void => {
    send.disabled = !boxes.some((box) => box.checked);
  };
  refresh();
  return h(
    "fieldset",
    { onchange: refresh },
    h("legend", { class: "hidden" }, WORDS.chooseSeveral),
    ...titles.map((title, index) => h("label", { class: "tick" }, boxes[index]!, h("span", {}, `${index + 1}. ${title}`))),
    send,
  );
}
