"""What became of every message: by what citizens got, and by the rows of the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, bindparam, text

from bot.conversation.tokens import Tokens
from bot.conversation.voice import load_voice
from tests.channels.zalo_oa.conftest import KEY
from tests.faults.citizens import Sent, WebCitizen, Zalo, ZaloPerson

HONEST = frozenset(reply.text for name, reply in load_voice().replies.items() if reply.status == "unavailable")
"""What the bot says when a part of it is down."""
_MARK = 60
"""So many letters of an answer tell it from every other."""


@dataclass
class Tally:
    """One channel's messages. ``wrong`` is what must not be: a sentence each."""

    sent: int = 0
    answered: int = 0
    unavailable: int = 0
    lost: int = 0
    doubled: int = 0
    longest: float = 0.0
    refusals: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def web(citizens: Sequence[WebCitizen], answers: Mapping[str, str], engine: Engine, patience: float) -> Tally:
    """Each message has one final reply; an ``answered`` one is its question's, and the only one in the database.

    No single request may have kept anybody waiting longer than ``patience`` seconds.
    """
    tally = Tally(wrong=[fault for citizen in citizens for fault in citizen.faults])
    ids = [sent.id for citizen in citizens for sent in citizen.sent]
    asked = _rows(engine, "SELECT id, turn_id FROM message WHERE role = 'citizen' AND id IN :given", ids)
    turns = {row.id: row.turn_id for row in asked}
    logged = Counter(row.message_id for row in _rows(engine, _LOGGED, ids))
    said: dict[str, list[str]] = {}
    for row in _rows(engine, _SAID, list(turns.values())):
        said.setdefault(row.turn_id, []).append(row.id)
    for sent in (sent for citizen in citizens for sent in citizen.sent):
        tally.sent += 1
        tally.longest = max(tally.longest, sent.longest)
        tally.refusals.update(sent.refusals)
        stored = said.get(turns.get(sent.id, ""), [])
        if max(len(stored), len(sent.replies), logged[sent.id]) > 1:
            tally.doubled += 1
        _judge(tally, sent, stored, answers[sent.question])
    if len(asked) != len(turns):
        tally.wrong.append("a message stands in the database twice")
    if tally.longest > patience:
        tally.wrong.append(f"somebody waited {tally.longest:.1f} s")
    return tally


_LOGGED = "SELECT message_id FROM turn_log WHERE message_id IN :given"
_SAID = "SELECT turn_id, id FROM message WHERE role = 'bot' AND turn_id IN :given"


def _judge(tally: Tally, sent: Sent, stored: Sequence[str], answer: str) -> None:
    """Whether what a citizen was told is true."""
    if not sent.replies:
        tally.lost += 1
        return
    said = sent.replies[0]["text"]
    match sent.status:
        case "answered":
            tally.answered += 1
            if not _is_answer(said, answer):
                tally.wrong.append(f"{sent.question} was answered: {said[:_MARK]}")
            if stored != [sent.replies[0]["id"]]:
                tally.wrong.append(f"the answer to {sent.id} is not the one in the database")
        case "unavailable":
            tally.unavailable += 1
            if _honest(said) is None:
                tally.wrong.append(f"not an apology: {said[:_MARK]}")
        case other:
            tally.wrong.append(f"{other}: {said[:_MARK]}")


def zalo(people: Sequence[ZaloPerson], answers: Mapping[str, str], world: Zalo, engine: Engine) -> Tally:
    """Each event that was taken has one message, in the order of asking; the outbox tells the same as Zalo."""
    tally = Tally()
    hashes = {person.user: Tokens(KEY).hashed_sender("zalo_oa", person.user) for person in people}
    inbox = Counter(row.sender for row in _rows(engine, _INBOX, list(hashes.values())))
    outbox = _rows(engine, _OUTBOX, list(hashes.values()))
    for person in people:
        tally.refusals.update(person.refusals)
        tally.sent += len(person.asked)
        if inbox[hashes[person.user]] != len(person.asked):
            tally.wrong.append("events in the inbox that nobody sent, or the other way round")
        got = [message for message in world.double.delivered if message.user == person.user]
        kinds = [_kind(message.text, answers) for message in got]
        tally.wrong += [
            f"not known: {message.text[:_MARK]}" for message, kind in zip(got, kinds, strict=True) if kind is None
        ]
        mine = [row for row in outbox if row.sender == hashes[person.user]]
        _follow(tally, person, kinds)
        ids = Counter(message.message_id for message in got)
        if ids != Counter(row.remote_id for row in mine if row.state == "sent"):
            tally.wrong.append("the outbox tells of other messages than Zalo")
        tally.wrong += [f"left in the outbox: {row.state} {row.reason or ''}" for row in mine if row.state != "sent"]
        waits = [
            world.delivered_at[message.message_id] - taken for message, taken in zip(got, person.taken_at, strict=False)
        ]
        tally.longest = max([tally.longest, *waits])
    return tally


def _follow(tally: Tally, person: ZaloPerson, kinds: Sequence[str | None]) -> None:
    """Go through questions and messages side by side: one that tells the same again is a double, a gap is a loss."""
    place, before = 0, ""
    for question in person.asked:
        while place < len(kinds) and kinds[place] == before:
            tally.doubled += 1
            place += 1
        said = kinds[place] if place < len(kinds) else None
        if said not in {question, _APOLOGY}:
            tally.lost += 1
            continue
        tally.answered += said == question
        tally.unavailable += said == _APOLOGY
        place, before = place + 1, question
    tally.doubled += len(kinds) - place


_APOLOGY = "unavailable"
_INBOX = "SELECT sender FROM inbox WHERE state = 'done' AND outcome = 'answered' AND sender IN :given"
_OUTBOX = "SELECT sender, state, reason, remote_id FROM outbox WHERE sender IN :given ORDER BY id"


def _kind(said: str, answers: Mapping[str, str]) -> str | None:
    """The question that a message answers, that it excuses itself, or neither."""
    if _honest(said) is not None:
        return _APOLOGY
    return next((question for question, answer in answers.items() if _is_answer(said, answer)), None)


def _honest(said: str) -> str | None:
    return next((sentence for sentence in HONEST if said.startswith(sentence[:_MARK])), None)


def _is_answer(said: str, answer: str) -> bool:
    return said.startswith(answer[:_MARK])


def _rows(engine: Engine, query: str, given: Sequence[str]) -> list[Any]:
    found: list[Any] = []
    with engine.connect() as connection:
        for start in range(0, len(given), 500):
            asked = text(query).bindparams(bindparam("given", expanding=True))
            found += connection.execute(asked, {"given": list(given[start : start + 500])}).all()
    return found
