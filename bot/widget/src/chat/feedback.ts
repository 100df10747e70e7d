/** Thumbs under an answer, and after a thumb down the reason, if the citizen wants to give one. */

import { button, h } from "./dom";
import { icon } from "./icons";
import { WORDS } from "./words";

export type Rate = (value: 1 | -1, reason: string | null) => Promise<boolean>;

/** The two thumbs. `say` tells the citizen what became of it, `reveal` brings what was added into sight. */
export function thumbs(rate: Rate, say: (text: string) => void, reveal: (added: HTMLElement) => void): HTMLElement {
  const box = h("div", { class: "feedback" });
  const give = async (value: 1 | -1): Promise<void> => {
    const done = await rate(value, null);
    say(done ? WORDS.thanks : WORDS.notRated);
    if (!done) return;
    up.setAttribute("aria-pressed", String(value === 1));
    down.setAttribute("aria-pressed", String(value === -1));
    const open = box.querySelector(".why");
    if (open) open.remove();
    if (value === -1) {
      const form = why(rate, say);
      box.appendChild(form);
      reveal(form);
    }
  };
  const up = button("quiet", () => void give(1), icon("up"), WORDS.useful);
  const down = button("quiet", () => void give(-1), icon("down"), WORDS.useless);
  for (const each of [up, down]) each.setAttribute("aria-pressed", "false");
  box.appendChild(h("div", { class: "thumbs" }, up, down));
  return box;
}

function why(rate: Rate, say: (text: string) => void): HTMLElement {
  const other = h("textarea", { rows: 2, maxlength: 500, "aria-label": WORDS.whyOther, placeholder: WORDS.whyOther });
  const boxes = WORDS.reasons.map((reason) => h("input", { type: "checkbox", value: reason }));
  const form = h(
    "form",
    {
      class: "why",
      onsubmit: (event) => {
        event.preventDefault();
        const reasons = boxes.filter((each) => each.checked).map((each) => each.value);
        const reason = [...reasons, other.value.trim()].filter(Boolean).join("; ");
        void rate(-1, reason || null).then((done) => {
          say(done ? WORDS.thanks : WORDS.notRated);
          if (done) form.remove();
        });
      },
    },
    h(
      "fieldset",
      {},
      h("legend", {}, WORDS.whyTitle),
      ...WORDS.reasons.map((reason, index) => h("label", { class: "tick" }, boxes[index]!, h("span", {}, reason))),
      other,
      h("button", { type: "submit", class: "primary" }, WORDS.sendWhy),
    ),
  );
  return form;
}
