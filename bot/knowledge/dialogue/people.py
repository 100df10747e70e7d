"""Whom a message speaks of: those who may be entitled, not everybody who is named in it."""

import re
from collections.abc import Iterator

from bot.knowledge.case import SELF, Case
from bot.knowledge.dialogue.understanding import Entity, Understanding
from bot.text.fold import fold
from bot.text.sentences import sentence_spans

# "tiền tuất của ba tui": his, but for somebody else.
_WHOSE = re.compile(r"\bcua $")
# "bà nội con": the one who speaks.
_WHO_SPEAKS = frozenset({"con", "chau", "em"})
# "chưa cưới chồng".
_NOBODY = re.compile(r"\b(?:chua|khong|ko|k|chang)(?: (?:co|cuoi|lay|he|con))* $")
# "mẹ đơn thân".
_SINGLE = re.compile(r" (?:don than|doc than)\b")
_GONE = re.compile(
    r"(?:,? (?:toi|tui|em|con|chau|minh|noi|ngoai|ruot|\d+ tuoi|vua|moi|da|bi|deu|cung|som|thi|khong may))* "
    r"(?:mat(?! (?:the|giay|so|viec|suc|can cuoc|tien|dat|nha|mua|ngu))|chet|qua doi|tu tran|bo di|bo nha|biet tich)\b"
)
_OF_THE_DEAD = re.compile(r"\b(?:mai tang|chon cat|ma chay|tang le|dam tang|hoa tang)\b")
_FOR_ME = re.compile(r"\b(?:toi|tui|em|minh) (?:(?:thi|lieu|da|co the|co) )*(?:duoc|dc|huong|nhan|mua|vay)\b")
_HOME_BEFORE = re.compile(r"\b(?:nha|gia dinh|ho|cho|con|chau) $")


def people(understanding: Understanding) -> list[Entity]:
    """Return who is spoken of, in the order of the text, without those who are dead or gone."""
    text = fold(understanding.text)
    if _OF_THE_DEAD.search(text):
        return _named(understanding)
    living = [each for each in understanding.of("relation") if not _GONE.match(text[each.end :])]
    return [each for each in _named(understanding) if each in living]


def members_spoken_of(understanding: Understanding) -> list[str]:
    """Return the members that the message is about, self included where it says so.

    Who tells of others and asks "tôi có được không?" means themselves.
    """
    meant = people(understanding)
    if _asks_for_self(understanding, meant):
        return [SELF]
    return list(dict.fromkeys(str(each.value) for each in meant))


def member_at(position: int, understanding: Understanding, case: Case) -> str:
    """Return whom a value at ``position`` is said of: the last named before it in the sentence, else the next."""
    spans = sentence_spans(understanding.text)
    start, end = next(((s, e) for s, e in spans if s <= position < e), (0, len(understanding.text)))
    # What is said of the dead is theirs, and nobody else's.
    meant = _named(understanding)
    before = [each for each in meant if start <= each.start <= position]
    if before:
        return str(before[-1].value)
    after = [each for each in meant if position < each.start < end]
    if after and not any(start <= each.start < position for each in meant):
        return str(after[0].value)
    if case.pending is not None and case.pending[0] is not None:
        return case.pending[0]
    earlier = [each for each in meant if each.start < position]
    if earlier:
        return str(earlier[-1].value)
    return case.subjects[0] if len(case.subjects) == 1 else SELF


def _named(understanding: Understanding) -> list[Entity]:
    named = understanding.of("relation")
    text = fold(understanding.text)
    meant = [each for each in named if not _is_nobody(each, named, text)]
    return [each for each in meant if not _WHOSE.search(text[: each.start])] or meant


def _is_nobody(one: Entity, named: list[Entity], text: str) -> bool:
    """Say whether kin is named of whom nothing is said: the one who speaks, or somebody who does not exist."""
    before, after = text[: one.start], text[one.end :]
    who_speaks = text[one.start : one.end] in _WHO_SPEAKS and any(each.end == one.start - 1 for each in named)
    return who_speaks or _NOBODY.search(before) is not None or _SINGLE.match(after) is not None


def _asks_for_self(understanding: Understanding, meant: list[Entity]) -> bool:
    text = fold(understanding.text)
    others = [each for each in meant if each.value != SELF]
    # "mua cho mẹ": hers, whoever buys it.
    if not others or any(text[: each.start].endswith("cho ") for each in others):
        return False
    return any(_pronouns(text, others))


def _pronouns(text: str, others: list[Entity]) -> Iterator[bool]:
    for match in _FOR_ME.finditer(text):
        at = match.start()
        is_theirs = any(each.start <= at <= each.end + 1 for each in others)
        yield not is_theirs and not _HOME_BEFORE.search(text[:at])
