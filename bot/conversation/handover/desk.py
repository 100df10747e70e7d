"""The citizen's side of a hand-over: wish → question → telephone number, if they like → receipt.

One small state (``draft.py``) in the conversation's row says what the next typed message is taken for. Everything else
is answered as ever meanwhile. The steps need no Rasa: when she is down, a person is needed most.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.conversation.decision import Decision, Turn
from bot.conversation.handover import requests
from bot.conversation.handover.codes import code_in, new_code
from bot.conversation.handover.draft import Change, Draft
from bot.conversation.handover.phone import means_a_number, phone_in
from bot.conversation.handover.standing import MOST_OPEN, Standing
from bot.conversation.messages import Act
from bot.conversation.messages import Draft as Words
from bot.conversation.payloads import BadPayloadError, Payloads
from bot.conversation.rasa_client import RasaReply
from bot.conversation.repository import Opened
from bot.conversation.sealing import Box
from bot.conversation.store import Store
from bot.conversation.voice import Voice
from bot.text.fold import fold
from bot.text.normalize import normalize

HUMAN = "human"
_QUOTED = 120
_FEW_WORDS = 3

_ENDS = {"stop", "deny"}
_FIRST_THINGS = {"emergency", "delete_data"}
_NO_QUESTION = {HUMAN, "affirm", "greet"}
# What is not worth sending to a person when the citizen asks for "my last question".
_NOT_SENT_AGAIN = {
    *_ENDS, *_FIRST_THINGS, *_NO_QUESTION, "abuse", "bye", "thanks", "help", "bot_challenge", "feedback_good",
    "feedback_bad", "dont_know", "inform", "correct",
}  # fmt: skip
_FILLERS = (
    "(?: (?:a|nhe|nha|em|toi|dau|nua|luon|lai|bo|di|khong|khoi|can|de|co|cho|muon|so|dien|thoai|gui|hoi|goi|lam|cau|"
    "nay))*"
)
_REFUSES = re.compile(rf"(?:da )?(?:thoi|khong|ko|k|khoi|bo qua){_FILLERS}")
_CANCELS = re.compile(rf"(?:da )?(?:huy|dung lai|rut lai|ngung){_FILLERS}")
_WHO = r"\b(?:can bo|nhan vien|chuyen vien|nguoi (?:that|phu trach)|ai)\b"
_DOES = r"\b(?:tra loi|goi lai|phan hoi|hoi am)\b"
_WHEN = r"\b(?:chua|khi nao|bao gio|luc nao|chung nao)\b"
_ASKS_AFTER = re.compile(rf"{_WHO}.{{0,30}}{_DOES}.{{0,20}}{_WHEN}|{_WHEN}.{{0,20}}{_WHO}.{{0,20}}{_DOES}")


class Desk:
    """Takes wishes for a person. ``draw_code`` makes receipts."""

    def __init__(
        self,
        *,
        store: Store,
        voice: Voice,
        payloads: Payloads,
        box: Box,
        standing: Standing,
        draw_code: Callable[[], str] = new_code,
    ) -> None:
        self._store = store
        self._voice = voice
        self._payloads = payloads
        self._box = box
        self._standing = standing
        self._draw_code = draw_code

    def takes_question(self, turn: Turn, opened: Opened) -> bool:
        """Whether what was typed may be the question to a person."""
        draft = Draft.from_json(opened.handover)
        return turn.incoming.act is None and draft is not None and draft.wants == "question"

    async def press(self, turn: Turn, opened: Opened) -> Decision | None:
        """Do what a button of the hand-over says; ``None`` for any other."""
        draft = Draft.from_json(opened.handover)
        wants = draft.wants if draft is not None else None
        match turn.incoming.act:
            case {"act": "human"}:
                return await self.begin(turn, opened, more=bool((turn.incoming.act or {}).get("more")))
            case {"act": "handover_last"} if draft is not None and draft.last:
                return await self._leave(turn, draft.last)
            case {"act": "handover_stop"} if wants == "question":
                return await self._stop(turn, opened)
            case {"act": "handover_stop"} if draft is not None:
                return await self._withdraw(turn, opened, draft.code)
            case {"act": "handover_no_phone"} if draft is not None and wants == "phone":
                return await self._receipt(turn, opened, draft.code)
            case {"act": "handover_phone", "code": str(code)}:
                return await self._ask_phone(turn, code)
            case {"act": "handover_state"}:
                return await self._tell_all(turn)
            case {"act": str(act)} if act.startswith("handover_"):
                return self._say(turn, "handover_old")
        return None

    async def hear(self, turn: Turn, opened: Opened) -> Decision | None:
        """Take what was typed for a telephone number, a receipt or a question after the answer; else ``None``."""
        if turn.incoming.act is not None:
            return None
        draft = Draft.from_json(opened.handover)
        if draft is not None and draft.wants == "question":
            return None
        if draft is not None and (taken := await self._hear_phone(turn, opened, draft.code)) is not None:
            return taken
        code = code_in(turn.reading.asked.normalised)
        if code is not None:
            return await self._tell_of(turn, code)
        if _ASKS_AFTER.search(fold(turn.reading.asked.normalised)):
            return await self._tell_all(turn)
        return None

    async def begin(
        self, turn: Turn, opened: Opened, *, more: bool = False, heard: RasaReply | None = None
    ) -> Decision:
        """Ask what the person is to be asked – or say how far what was asked before is, unless they want ``more``."""
        rows = await self._store.run(requests.of_session, turn.incoming.session_id)
        waiting = [row for row in rows if row.state != "closed"]
        if len(waiting) >= MOST_OPEN or (waiting and not more):
            told = self._standing.tell(waiting, turn.today)
            return Decision([told], heard=heard, keep_case=True, handover=Change() if opened.handover else None)
        last = await self._store.run(
            requests.last_question, turn.incoming.session_id, but_turn=opened.turn_id, but_intents=_NOT_SENT_AGAIN
        )
        contact = self._standing.contact()
        name = "handover_question" if not last else "handover_question_or_last"
        words = self._voice.reply(name, turn.today, last=_shortened(last), contact=contact)
        return Decision([words], heard=heard, keep_case=True, handover=Change(Draft("question", last=last)))

    async def take_question(self, turn: Turn, opened: Opened, heard: RasaReply | None) -> Decision | None:
        """Take what was typed for the question; ``heard`` is what Rasa made of it, if she could be asked.

        ``None`` for what comes first whatever is waited for: an emergency, a wish for erasure.
        """
        typed = turn.reading.asked.normalised
        intent = heard.understanding.intent if heard is not None else None
        if intent in _FIRST_THINGS:
            return None
        few = len(typed.split()) <= _FEW_WORDS
        if _REFUSES.fullmatch(_bare(typed)) or _CANCELS.fullmatch(_bare(typed)) or (intent in _ENDS and few):
            return replace(await self._stop(turn, opened), heard=heard, keep_case=True)
        if intent in _NO_QUESTION and few:
            return await self.begin(turn, opened, more=True, heard=heard)
        return replace(await self._leave(turn, turn.reading.asked.question), heard=heard, keep_case=True)

    async def beside(self, turn: Turn, opened: Opened, decision: Decision) -> Decision:
        """``decision`` about something else, with a word on the hand-over that it interrupts."""
        draft = Draft.from_json(opened.handover)
        if draft is None or decision.erase or decision.handover is not None:
            return decision
        if draft.wants == "phone":
            receipt = await self._receipt(turn, opened, draft.code, resume=False)
            # Of a request that was closed meanwhile there is nothing to say now.
            words = [draft for draft in receipt.drafts if draft.answer["status"] == "handed_over"]
            return replace(decision, drafts=[*decision.drafts, *words], handover=receipt.handover)
        if turn.incoming.act is None:
            return decision
        *before, last = decision.drafts
        last = replace(last, text=f"{last.text}\n\n{self._voice.phrases['handover_left']}")
        return replace(decision, drafts=[*before, last], handover=Change())

    async def _stop(self, turn: Turn, opened: Opened) -> Decision:
        stopped = self._say(turn, "handover_stopped", change=Change())
        return replace(stopped, drafts=[*stopped.drafts, *await self._resumed(turn, opened)])

    async def _withdraw(self, turn: Turn, opened: Opened, code: str) -> Decision:
        stopped = self._say(turn, "handover_withdrawn", change=Change(code=code, withdrawn=True))
        return replace(stopped, drafts=[*stopped.drafts, *await self._resumed(turn, opened)])

    async def _leave(self, turn: Turn, question: str) -> Decision:
        code = await self._store.run(requests.fresh_code, self._draw_code)
        words = self._voice.reply("handover_phone", turn.today)
        masked = "phone" in turn.reading.asked.masked_kinds
        if masked:
            words = replace(words, text=f"{words.text}\n\n{self._voice.phrases['handover_phone_hidden']}")
        change = Change(Draft("phone", code=code), code=code, question=question)
        return Decision([words], handover=change, expected=("phone",) if masked else ())

    async def _ask_phone(self, turn: Turn, code: str) -> Decision:
        row = await self._store.run(requests.by_code, code)
        if row is None or row.session_id != turn.incoming.session_id or row.state == "closed":
            return self._say(turn, "handover_old")
        words = self._voice.reply("handover_phone_later", turn.today)
        return Decision([words], handover=Change(Draft("phone", code=code)))

    async def _hear_phone(self, turn: Turn, opened: Opened, code: str) -> Decision | None:
        # As it was typed: the reading has it masked already.
        typed = normalize(turn.incoming.text)
        phone = phone_in(typed)
        if phone is not None:
            return await self._receipt(turn, opened, code, phone=phone)
        if _CANCELS.fullmatch(_bare(typed)):
            return await self._withdraw(turn, opened, code)
        if _REFUSES.fullmatch(_bare(typed)):
            return await self._receipt(turn, opened, code)
        if means_a_number(typed):
            words = self._voice.reply("handover_phone_wrong", turn.today)
            return Decision([words], expected=tuple(turn.reading.asked.masked_kinds))
        return None

    async def _receipt(
        self, turn: Turn, opened: Opened, code: str, *, phone: str | None = None, resume: bool = True
    ) -> Decision:
        row = await self._store.run(requests.by_code, code)
        if row is None or row.state == "closed":
            return self._say(turn, "handover_old", change=Change())
        words = self._voice.reply(
            "handed_over" if phone is None else "handed_over_with_phone",
            turn.today,
            code=code,
            expected=self._standing.expected(row.requested_at),
            contact=self._standing.contact(),
        )
        buttons = words.buttons if phone is not None else (*words.buttons, *self._standing.phone_button(row))
        drafts = [replace(words, buttons=buttons), *(await self._resumed(turn, opened) if resume else ())]
        sealed = None if phone is None else self._box.seal(phone)
        return Decision(drafts, handover=Change(code=code, phone=sealed), expected=("phone",))

    async def _resumed(self, turn: Turn, opened: Opened) -> list[Words]:
        """The pending question of a check once more, with its own buttons."""
        if not opened.case.get("pending"):
            return []
        asked = await self._store.run(requests.asked_last, turn.incoming.session_id)
        if asked is None:
            return []
        text, answer, buttons = asked
        words = self._voice.phrases["handover_resume"].format(question=text)
        acts = [(button["title"], self._act(turn.incoming.session_id, button)) for button in buttons]
        return [Words(words, answer, tuple((title, act) for title, act in acts if act is not None))]

    def _act(self, session_id: str, button: dict[str, str]) -> Act | None:
        try:
            return self._payloads.read(session_id, button["payload"]).act
        except BadPayloadError:
            # Too old to be pressed: the question can be answered in words.
            return None

    async def _tell_all(self, turn: Turn) -> Decision | None:
        rows = await self._store.run(requests.of_session, turn.incoming.session_id)
        if rows:
            return Decision([self._standing.tell(rows, turn.today)])
        return None if turn.incoming.act is None else self._say(turn, "handover_old")

    async def _tell_of(self, turn: Turn, code: str) -> Decision:
        row = await self._store.run(requests.by_code, code)
        if row is None:
            return self._say(turn, "handover_unknown", code=code)
        if row.session_id != turn.incoming.session_id:
            # Who only knows a receipt may be anybody: they learn how far it is.
            contact = self._standing.contact()
            return self._say(turn, "handover_elsewhere", state=self._standing.state(row), contact=contact)
        return Decision([self._standing.tell([row], turn.today)])

    def _say(self, turn: Turn, name: str, *, change: Change | None = None, **values: object) -> Decision:
        return Decision([self._voice.reply(name, turn.today, **values)], handover=change)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _shortened(text: str) -> str:
    return text if len(text) <= _QUOTED else text[:_QUOTED].rsplit(" ", 1)[0] + " …"
