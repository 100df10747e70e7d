"""What the console finds out about an FAQ entry while it is written."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import web

from bot.console.faq_form import MOST_WORDS, Cited, FaqForm
from bot.knowledge.auditing.findings import Finding
from bot.knowledge.editing.warnings import contradictions, near_entries
from bot.knowledge.snapshot import Snapshot
from bot.text.fold import fold

if TYPE_CHECKING:
    # The search weighs more than all the rest of the gateway.
    from bot.knowledge.retrieval import Index

MOST_OFFERED = 8


class Indexes:
    """The index of the newest knowledge version, made when first needed; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: tuple[int, Index] | None = None

    def over(self, snapshot: Snapshot) -> Index:
        """The index over ``snapshot``."""
        with self._lock:
            if self._made is None or self._made[0] != snapshot.version:
                from bot.knowledge.retrieval import Index  # noqa: PLC0415 - loaded when an editor first needs it

                self._made = (snapshot.version, Index(snapshot))
            return self._made[1]


INDEXES = web.AppKey("indexes", Indexes)


@dataclass(frozen=True)
class Close:
    """Another entry that a phrasing resembles; ``same`` where it stands there word for word."""

    phrasing: str
    key: str
    question: str
    same: bool
    answers: bool
    """Whether that entry would answer the phrasing already."""


@dataclass(frozen=True)
class Help:
    """What there is to say about an entry as written so far."""

    words: int
    too_long: bool
    close: Sequence[Close]
    figures: Sequence[Finding]


def help_for(form: FaqForm, key: str, cited: Sequence[Cited], index: Index, snapshot: Snapshot, day: dt.date) -> Help:
    """Look for entries that are alike, and for figures that the tables give otherwise on ``day``."""
    asked = [phrasing for phrasing in (form.question.data or "", *form.ways) if phrasing]
    close = [
        Close(each.phrasing, each.faq, snapshot.faqs[each.faq].question, each.same, each.answers)
        for each in near_entries(index, snapshot, asked, own=key)
    ]
    figures = contradictions(snapshot, form.entry(key or "new", cited), day)
    return Help(form.words, form.words > MOST_WORDS, close, figures)


def documents(search: str, snapshot: Snapshot, chosen: Sequence[Cited]) -> list[Cited]:
    """Documents whose number or title holds all words of ``search``, those in force first."""
    words = fold(search).split()
    if not words:
        return []
    taken = {each.document for each in chosen}
    found = [
        document
        for document in snapshot.documents.values()
        if document.number not in taken and all(word in fold(f"{document.number} {document.title}") for word in words)
    ]
    found.sort(key=lambda each: (each.effective_to is not None or each.replaced_by is not None, each.number))
    return [Cited(each.number, "", each.title) for each in found[:MOST_OFFERED]]
