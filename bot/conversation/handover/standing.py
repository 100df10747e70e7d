"""How far a request is and when its answer can be expected, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.clock import Clock
from bot.conversation.messages import Act, Draft
from bot.conversation.models import HandoverRow
from bot.conversation.voice import Office, Voice, spoken_time
from bot.hours import WorkingHours

MOST_OPEN = 3
"""So many requests one conversation may have open."""


@dataclass(frozen=True)
class Promise:
    """When an answer can be expected: ``work`` is how much working time officers need at most.

    ``out_of_hours`` is said outside of ``hours``, with ``{opens}`` for when they begin; empty: our own words.
    ``reachable`` is how long a conversation waits for its answer.
    """

    hours: WorkingHours
    work: dt.timedelta
    reachable: dt.timedelta
    out_of_hours: str = ""


class Standing:
    """Tells a citizen about their requests."""

    def __init__(self, *, voice: Voice, clock: Clock, office: Office, promise: Promise) -> None:
        self._voice = voice
        self._clock = clock
        self._office = office
        self._promise = promise

    def open_until(self) -> dt.datetime:
        """How long a conversation that asks a person from now on lives at least."""
        return self._clock.now() + self._promise.reachable

    def due(self, requested_at: dt.datetime) -> dt.datetime:
        """By when a question asked then ought to be answered."""
        return self._promise.hours.after(requested_at, self._promise.work)

    def overdue_since(self, now: dt.datetime) -> dt.datetime:
        """What was asked before this moment, and is not answered, ought to be by now."""
        return self._promise.hours.before(now, self._promise.work)

    def contact(self) -> str:
        """Whom to turn to in a hurry."""
        return self._voice.contact(self._office)

    def tell(self, rows: Sequence[HandoverRow], today: dt.date) -> Draft:
        """How far the requests are, open ones first, with buttons for what can be done about them."""
        still_open = [row for row in rows if row.state != "closed"]
        shown = [*still_open, *(row for row in rows if row.state == "closed")][:MOST_OPEN]
        told = self._voice.reply("handover_state", today, states="\n".join(map(self.state, shown)))
        buttons = told.buttons if len(still_open) < MOST_OPEN else ()
        if still_open:
            buttons = (*buttons, *self.phone_button(still_open[0]))
        return replace(told, buttons=buttons)

    def state(self, row: HandoverRow) -> str:
        """How far one request is."""
        name = "closed" if row.state == "closed" else "answered" if row.answered_at else row.state
        times = {"closed": row.closed_at, "answered": row.answered_at, "claimed": row.claimed_at}
        return self._voice.phrases[f"handover_{name}"].format(
            code=row.code,
            time=spoken_time(times.get(name) or row.requested_at),
            expected=self.expected(row.requested_at),
        )

    def expected(self, requested_at: dt.datetime) -> str:
        """One or two sentences on when an answer can be expected."""
        now, hours = self._clock.now(), self._promise.hours
        by = self.due(requested_at)
        if by < now:
            return self._voice.phrases["handover_late"].format(contact=self.contact())
        parts = [self._voice.phrases["handover_by"].format(time=spoken_time(by))]
        if not hours.is_open(now):
            closed = self._promise.out_of_hours or self._voice.phrases["handover_out_of_hours"]
            parts.insert(0, closed.format(opens=spoken_time(hours.opens(now))))
        return " ".join(parts)

    def phone_button(self, row: HandoverRow) -> tuple[tuple[str, Act], ...]:
        """The button to leave a number with a request that has none."""
        if row.phone is not None:
            return ()
        return ((self._voice.phrases["handover_phone_title"], {"act": "handover_phone", "code": row.code}),)
