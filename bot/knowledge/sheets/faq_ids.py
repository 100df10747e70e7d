"""Ids for new FAQ entries, made of their questions."""

from __future__ import annotations

import re

from bot.knowledge.editing.keys import key_for
from bot.knowledge.editing.units import Kind
from bot.knowledge.schema import FaqRow
from bot.knowledge.sheets.stored import Stored
from bot.text.fold import fold


class FaqIds:
    """Gives ids that neither a published entry nor one of ``taken`` has; knows which questions are asked already."""

    def __init__(self, stored: Stored, taken: set[str]) -> None:
        self._taken = {key for kind, key in stored.rows if kind is Kind.FAQ} | taken
        self._asked = {_folded(row.question): row.id for row in stored.rows.values() if isinstance(row, FaqRow)}

    def asked(self, question: str) -> str | None:
        """The id of the entry that asks the same, but for accents, capitals and signs."""
        return self._asked.get(_folded(question)) if question else None

    def new(self, question: str) -> str:
        """A new id such as ``the_bhyt_het_han_thi_lam_sao``."""
        made = key_for(question, self._taken)
        self._taken.add(made)
        if question:
            self._asked.setdefault(_folded(question), made)
        return made


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(text)).split())
