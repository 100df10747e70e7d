"""Addresses of take-aways: ``/checklist/<token>``, signed, with a last day, and with nothing of the citizen in them.

The token names a reply by its turn, whose id is random and ours; a message's id is unique in its session
only, and citizens choose the ids of theirs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import NamedTuple

from itsdangerous import BadData, URLSafeSerializer

from bot.conversation.tokens import BadTokenError
from bot.knowledge.clock import VIETNAM

PATH = "/checklist/"


class ExpiredTokenError(BadTokenError):
    """The token was ours, but its last day has passed."""


class Place(NamedTuple):
    """Which reply of which turn, counted from 0, and the last day on which it may be read."""

    turn_id: str
    number: int
    last_day: dt.date


class Checklists:
    """Makes and reads the addresses; each holds until the end of the day ``lifetime`` after the answer.

    ``public_url`` is what our addresses begin with from outside; empty, they are paths and hold on our own pages only.
    """

    def __init__(self, key: str, lifetime: dt.timedelta, public_url: str = "") -> None:
        self._serializer: URLSafeSerializer = URLSafeSerializer(
            key, salt="checklist", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._lifetime = lifetime
        self._site = public_url.rstrip("/")

    @property
    def absolute(self) -> bool:
        """Whether the addresses can be opened from elsewhere, so that a text may name them."""
        return bool(self._site)

    def place(self, turn_id: str, number: int, now: dt.datetime) -> Place:
        """The place of a reply that is given now."""
        return Place(turn_id, number, (now + self._lifetime).astimezone(VIETNAM).date())

    def url(self, place: Place) -> str:
        """The address of a reply's take-away."""
        token = self._serializer.dumps([place.turn_id, place.number, place.last_day.isoformat()])
        return f"{self._site}{PATH}{token}"

    def read(self, token: str, now: dt.datetime) -> Place:
        """Which reply a token names; ``BadTokenError`` for none of ours, ``ExpiredTokenError`` after its last day."""
        if not token.isascii():
            raise BadTokenError("not a token")
        try:
            turn_id, number, last_day = self._serializer.loads(token)
        except BadData:
            raise BadTokenError("no valid signature") from None
        place = Place(turn_id, number, dt.date.fromisoformat(last_day))
        if now.astimezone(VIETNAM).date() > place.last_day:
            raise ExpiredTokenError("an old address")
        return place
