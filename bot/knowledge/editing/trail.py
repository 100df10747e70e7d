"""What officers did with the policy, written into the audit log."""

from typing import Any

from bot.knowledge import audit
from bot.knowledge.editing.work import Work

_LONGEST_KEY = 128


def record(work: Work, address: str | None = None) -> None:
    """Write the events of ``work`` into the audit log, in its transaction; ``address`` is the caller's, hashed."""
    for event in work.events:
        audit.record(
            work.session,
            event.at,
            event.officer,
            event.action,
            event.kind,
            event.key[:_LONGEST_KEY],
            _values(event.before),
            _values(event.after),
            address=address,
        )


def _values(state: Any) -> audit.Values | None:
    return state if state is None or isinstance(state, dict) else {"value": state}
