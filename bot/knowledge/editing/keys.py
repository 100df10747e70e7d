"""Keys for new units, made of the words that officers give them."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.editing.tables import ChangeRecord
from bot.knowledge.editing.units import KINDS, Kind
from bot.text.fold import fold

_LONGEST = 60


def key_for(words: str, taken: Collection[str]) -> str:
    """A key such as ``the_bhyt_het_han`` that is not ``taken``: the words without accents, a number where needed."""
    folded = re.sub(r"[^a-z0-9]+", "_", fold(words)).strip("_")
    if len(folded) > _LONGEST:
        folded = folded[: _LONGEST + 1].rpartition("_")[0] or folded[:_LONGEST]
    stem = folded if re.match(r"[a-z]", folded) else f"muc_{folded}".rstrip("_")
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}_{number}"
    return key


def taken_keys(session: Session, kind: Kind) -> set[str]:
    """The keys of all units of a kind with a key of one column, published, removed or in any change set."""
    (name,) = KINDS[kind].names
    stored = session.scalars(select(getattr(KINDS[kind].record, name)))
    drafted = session.scalars(select(ChangeRecord.key).where(ChangeRecord.kind == kind.value).distinct())
    return {*stored, *drafted}
