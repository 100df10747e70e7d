"""One turn: from a verified message to stored replies.

read (normalise, screen, mask) → open (de-duplicate, log, case) → decide → commit. Deciding is a
list of small steps; the first that has a decision stops it. Whatever fails, the citizen gets a
reply with a status: what can't be stored is said all the same.
"""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.conversation import repository
from bot.conversation.checklists import Checklists
from bot.conversation.clock import Clock
from bot.conversation.decision import Decision, Turn
from bot.conversation.handover.desk import HUMAN, Desk
from bot.conversation.handover.standing import Standing
from bot.conversation.locks import KeyedLocks
from bot.conversation.messages import Act, Draft, Incoming, Message, full_answer
from bot.conversation.meter import Meter
from bot.conversation.payloads import Payloads, PayloadTooLongError
from bot.conversation.rasa_client import (
    ActionsDownError,
    BadReplyError,
    Question,
    RasaClient,
    RasaDownError,
    RasaError,
    RasaReply,
    RasaTimeoutError,
)
from bot.conversation.reading import read
from bot.conversation.repository import ConflictError, Opened, Outcome, Reply
from bot.conversation.retention.scrub import empty_wal
from bot.conversation.store import Store, is_outage
from bot.conversation.voice import Voice
from bot.knowledge.case import commune_of
from bot.knowledge.checklist import has_checklist
from bot.knowledge.wording import day_text

_log = logging.getLogger(__name__)
_R = TypeVar("_R")

# What is answered at all is mostly answered in a tenth of this.
_LEFT_FOR_LATE = 3.0
# A commit is worth a moment's wait even when the turn's time is up: it stores the apology.
_COMMIT_GRACE = 2.0
# The first may meet the message being inserted, the second the answer being committed; then it is there.
_ATTEMPTS = 3

_APOLOGIES: dict[type[RasaError], str] = {
    RasaDownError: "rasa_down",
    RasaTimeoutError: "time_out",
    ActionsDownError: "actions_down",
    BadReplyError: "failure",
}


@dataclass(frozen=True)
class TurnLimits:
    """``seconds`` for a turn, ``longest`` for it together with the wait for the one before it."""

    seconds: float = 10.0
    characters: int = 2000

    @property
    def longest(self) -> float:
        """In seconds: whoever waits for the whole of another turn has this much of their own."""
        return self.seconds + _LEFT_FOR_LATE


class Conversation:
    """Takes turns. One object serves all conversations of a process."""

    def __init__(
        self,
        *,
        store: Store,
        rasa: RasaClient,
        voice: Voice,
        payloads: Payloads,
        checklists: Checklists,
        clock: Clock,
        desk: Desk,
        standing: Standing,
        meter: Meter,
        limits: TurnLimits,
    ) -> None:
        self._store = store
        self._rasa = rasa
        self._voice = voice
        self._payloads = payloads
        self._checklists = checklists
        self._clock = clock
        self._desk = desk
        self._standing = standing
        self._meter = meter
        self._limits = limits
        self._locks = KeyedLocks()
        self._steps: tuple[Callable[[Turn, Opened], Awaitable[Decision | None]], ...] = (
            self._refuse_unreadable,
            self._erase,
            self._desk.press,
            self._desk.hear,
            self._take_question,
            self._ask_rasa,
        )

    async def take(self, incoming: Incoming) -> list[Message]:
        """The replies to a message; the same message again gets the same replies.

        Raises ``SessionGoneError`` and ``IdTakenError``, for the channel to report. Every
        other failure becomes a reply.
        """
        reading = read(incoming, max_characters=self._limits.characters)
        waited_from = time.monotonic()
        try:
            async with self._locks.hold(incoming.session_id, patience=self._limits.seconds):
                now = time.monotonic()
                ends = min(now + self._limits.seconds, waited_from + self._limits.longest)
                turn = Turn(incoming, reading, self._clock.today(), ends)
                turn.durations["queue_ms"] = _ms(now - waited_from)
                return await self._run(turn)
        except TimeoutError:
            _log.warning("turn not run: the one before it is still going on")
            return self._unsaved(incoming, "busy", waited_from)

    async def close_session(self, session_id: str) -> None:
        """Erase the citizen's data and end the session; ``SessionGoneError`` when it has ended."""
        async with self._locks.hold(session_id, patience=self._limits.seconds):
            await self._store.run(repository.close_session, session_id, self._clock.now())
            await self._store.maintain(empty_wal)

    def greeting(self, session_id: str) -> Reply:
        """What a new session begins with."""
        return self._signed(session_id, self._voice.reply("greeting", self._clock.today()))

    async def _run(self, turn: Turn) -> list[Message]:
        begun = time.monotonic()
        try:
            for _ in range(_ATTEMPTS):
                with suppress(ConflictError):
                    return await self._attempt(turn)
                # Another process has ended this turn, or one before it: look again.
                _log.info("turn overtaken by another process")
        except (SQLAlchemyError, TimeoutError) as error:
            if is_outage(error):
                _log.warning("turn not stored: %s", type(error).__name__)
                return self._unsaved(turn.incoming, "database_down", begun)
            log_without_text(_log, "turn not stored", error)
            return self._unsaved(turn.incoming, "failure", begun)
        return self._unsaved(turn.incoming, "busy", begun)

    async def _attempt(self, turn: Turn) -> list[Message]:
        started = begun = time.monotonic()
        opened = await self._within(
            turn, self._store.run(repository.open_turn, turn.incoming, turn.reading.asked, self._clock.now())
        )
        turn.durations["open_ms"] = _ms(time.monotonic() - begun)
        if opened.replies is not None:
            return opened.replies
        begun = time.monotonic()
        decision = await self._decide(turn, opened)
        turn.durations["decide_ms"] = _ms(time.monotonic() - begun)
        outcome = self._outcome(turn, opened, decision)
        messages = await self._within(
            turn,
            self._store.run(repository.commit_turn, turn.incoming, opened, outcome, self._clock.now()),
        )
        if outcome.erase:
            await self._store.maintain(empty_wal)
        self._meter.turn(
            turn.incoming.channel, outcome.log["status"], time.monotonic() - started, outcome.log["durations"]
        )
        return messages

    async def _within(self, turn: Turn, work: Awaitable[_R]) -> _R:
        async with asyncio.timeout(max(turn.remaining(), _COMMIT_GRACE)):
            return await work

    async def _decide(self, turn: Turn, opened: Opened) -> Decision:
        try:
            for step in self._steps:
                decision = await step(turn, opened)
                if decision is not None:
                    return decision
        except RasaError as error:
            _log.warning("turn %s: %s %s", opened.turn_id, type(error).__name__, error)
            return self._say(turn, _APOLOGIES[type(error)])
        except (SQLAlchemyError, TimeoutError):
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours must not leave the citizen without a reply
            log_without_text(_log, f"turn {opened.turn_id} failed", error)
            return self._say(turn, "failure")
        return self._say(turn, "empty_result")

    # The steps, in the order in which they are tried.

    async def _refuse_unreadable(self, turn: Turn, _opened: Opened) -> Decision | None:
        refusal = turn.reading.refusal
        if refusal is None:
            return None
        return self._say(turn, refusal, length=turn.reading.length, limit=self._limits.characters)

    async def _erase(self, turn: Turn, _opened: Opened) -> Decision | None:
        if not _is_act(turn, "erase_data"):
            return None
        return replace(self._say(turn, "erased"), erase=True)

    async def _take_question(self, turn: Turn, opened: Opened) -> Decision | None:
        if not self._desk.takes_question(turn, opened):
            return None
        try:
            heard = await self._hear(turn, opened)
        except RasaError as error:
            # A person can answer all the same.
            _log.warning("turn %s: question for a person not read: %s", opened.turn_id, type(error).__name__)
            return await self._desk.take_question(turn, opened, None)
        taken = await self._desk.take_question(turn, opened, heard)
        return taken or self._answered(turn, opened, heard)

    async def _ask_rasa(self, turn: Turn, opened: Opened) -> Decision | None:
        heard = await self._hear(turn, opened)
        if heard.understanding.intent == HUMAN and turn.incoming.act is None:
            return await self._desk.begin(turn, opened, heard=heard)
        return await self._desk.beside(turn, opened, self._answered(turn, opened, heard))

    async def _hear(self, turn: Turn, opened: Opened) -> RasaReply:
        act = turn.incoming.act
        begun = time.monotonic()
        question = Question(
            text="/button" if act is not None else turn.reading.asked.normalised,
            case=opened.case,
            today=turn.today,
            channel=turn.incoming.channel,
            act=act,
        )
        try:
            heard = await self._rasa.ask(question, timeout=turn.remaining())
        except RasaError as error:
            self._meter.rasa_failed(error)
            raise
        turn.durations["rasa_ms"] = _ms(time.monotonic() - begun)
        return heard

    def _answered(self, turn: Turn, opened: Opened, heard: RasaReply) -> Decision:
        if not heard.answers:
            _log.warning("turn %s: an answer without messages", opened.turn_id)
            return replace(self._say(turn, "empty_result"), heard=heard)
        drafts = [
            Draft(
                text=answer.text,
                answer=full_answer(answer.answer.model_dump(mode="json")),
                buttons=tuple((button.title, button.act) for button in answer.buttons),
            )
            for answer in heard.answers
        ]
        return Decision(drafts, heard=heard)

    # From a decision to what is stored.

    def _say(self, turn: Turn, name: str, **values: object) -> Decision:
        return Decision([self._voice.reply(name, turn.today, **values)])

    def _outcome(self, turn: Turn, opened: Opened, decision: Decision) -> Outcome:
        drafts = [self._to_take_away(opened, number, draft) for number, draft in enumerate(decision.drafts)]
        replies = [self._signed(turn.incoming.session_id, draft) for draft in drafts]
        unasked = [kind for kind in turn.reading.asked.masked_kinds if kind not in decision.expected]
        if unasked:
            warning = self._voice.personal_data_warning(unasked)
            last = replies[-1]
            replies[-1] = Reply(f"{last.text}\n\n{warning}", last.answer, last.buttons)
        failed = any(reply.answer["status"] in {"unavailable", "error"} for reply in replies)
        return Outcome(
            replies=replies,
            state="failed" if failed else "answered",
            log=_log_columns(turn, opened, decision, replies),
            case=None if decision.heard is None or decision.keep_case else decision.heard.case,
            erase=decision.erase,
            handover=decision.handover,
            open_until=self._standing.open_until(),
        )

    def _to_take_away(self, opened: Opened, number: int, draft: Draft) -> Draft:
        """The draft with the address of its checklist, if there is something to take away."""
        if not has_checklist(draft.answer):
            return draft
        place = self._checklists.place(opened.turn_id, number, self._clock.now())
        url = self._checklists.url(place)
        text = draft.text
        if self._checklists.absolute:
            # A channel without cards shows the text alone.
            line = self._voice.phrases["checklist"].format(day=day_text(place.last_day), url=url)
            text = f"{text}\n{line}"
        return Draft(text, {**draft.answer, "checklist_url": url}, draft.buttons)

    def _signed(self, session_id: str, draft: Draft) -> Reply:
        buttons = [self._button(session_id, title, act) for title, act in draft.buttons]
        return Reply(draft.text, draft.answer, [button for button in buttons if button is not None])

    def _button(self, session_id: str, title: str, act: Act) -> dict[str, str] | None:
        try:
            return {"title": title, "payload": self._payloads.sign(session_id, title, act)}
        except PayloadTooLongError as error:
            # The text is a full answer without it.
            _log.error("button left out: %s", error)
            return None

    def _unsaved(self, incoming: Incoming, name: str, begun: float) -> list[Message]:
        draft = self._voice.reply(name, self._clock.today())
        self._meter.turn(incoming.channel, draft.answer["status"], time.monotonic() - begun, {})
        return [Message(str(uuid.uuid4()), "bot", draft.text, self._clock.now(), answer=draft.answer)]


def log_without_text(log: logging.Logger, what: str, error: BaseException) -> None:
    """Log where an error came from and its type, not its message: that may quote the citizen."""
    places = "".join(traceback.format_tb(error.__traceback__))
    log.error("%s: %s\n%s", what, type(error).__name__, places)


def _is_act(turn: Turn, name: str) -> bool:
    return turn.incoming.act is not None and turn.incoming.act.get("act") == name


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 2)


def _log_columns(turn: Turn, opened: Opened, decision: Decision, replies: list[Reply]) -> dict[str, Any]:
    first = replies[0].answer
    columns: dict[str, Any] = {name: first[name] for name in ("status", "topic", "program", "aspect", "source")}
    columns["answers"] = [{"text": reply.text, "answer": reply.answer} for reply in replies]
    columns["durations"] = turn.durations
    columns["took_ms"] = round(sum(turn.durations.get(name, 0) for name in ("queue_ms", "open_ms", "decide_ms")))
    heard = decision.heard
    columns["commune"] = commune_of(opened.case if heard is None or decision.keep_case else heard.case)
    if heard is not None:
        columns["durations"] = {**turn.durations, **heard.durations}
        columns["intent"] = heard.understanding.intent
        columns["confidence"] = heard.understanding.confidence
        columns["understanding"] = heard.understanding.model_dump(mode="json")
        version = heard.knowledge_version
        columns["knowledge_version"] = None if version is None else str(version)
        columns["model_version"] = heard.model_version
    return columns
