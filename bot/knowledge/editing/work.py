"""Who does something when, and what of it belongs into the audit log."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Event:
    """One thing done: to a change set (kind ``change_set``), a unit or a switch."""

    at: datetime
    officer: str
    action: str
    kind: str
    key: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Work:
    """An officer at work in a transaction that the caller commits; ``events`` are for the caller to record in it."""

    session: Session
    officer: str
    at: datetime
    events: list[Event] = field(default_factory=list)

    def note(self, action: str, kind: str, key: str | int, before: Any = None, after: Any = None) -> None:
        """Add what was done."""
        self.events.append(Event(self.at, self.officer, action, kind, str(key), before, after))
