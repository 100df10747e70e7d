"""Until when what was written is past its time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.settings import Settings


@dataclass(frozen=True)
class Periods:
    """How long things are kept; see ``docs/privacy.md``. ``checklist`` is how long a printed answer can be opened."""

    parse: dt.timedelta
    text: dt.timedelta
    counts: dt.timedelta
    handover: dt.timedelta
    checklist: dt.timedelta

    @classmethod
    def of(cls, settings: Settings) -> Periods:
        """The periods of the settings."""
        return cls(
            parse=dt.timedelta(days=settings.retention_parse_days),
            text=dt.timedelta(days=settings.retention_text_days),
            counts=dt.timedelta(days=settings.retention_counts_days),
            handover=dt.timedelta(days=settings.retention_handover_days),
            checklist=dt.timedelta(days=settings.checklist_days),
        )
