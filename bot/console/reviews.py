"""The reviews of drafts, made once for each revision: a set of thousands of rows takes seconds to look at."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.orm import Session

from bot.knowledge.auditing.audit import audit
from bot.knowledge.auditing.findings import Finding
from bot.knowledge.editing.preview import with_drafted
from bot.knowledge.editing.reviewing import Review, review
from bot.knowledge.editing.tables import ChangeSetRecord
from bot.knowledge.snapshot import Snapshot

_KEPT = 50


@dataclass(frozen=True)
class Reviewed:
    """The review, and the published rows with those of the set: what the rows of the set are called."""

    review: Review
    names: Snapshot


class Reviews:
    """The newest reviews of this process; safe in several threads, of which two may do the same work."""

    def __init__(self) -> None:
        self._reviews: OrderedDict[tuple[int, int, int, dt.date], Reviewed] = OrderedDict()
        self._known: tuple[tuple[int, dt.date], tuple[Finding, ...]] | None = None

    def read(self, db: Session, change_set: ChangeSetRecord, published: Snapshot, day: dt.date) -> Reviewed:
        """The review of the set as it is now, over what is published, on ``day``."""
        key = (change_set.id, change_set.revision, published.version, day)
        found = self._reviews.get(key)
        if found is None:
            found = Reviewed(
                review(db, change_set, day, self._of_published(published, day)),
                with_drafted(db, published, change_set.id),
            )
            self._reviews[key] = found
            while len(self._reviews) > _KEPT:
                self._reviews.popitem(last=False)
        return found

    def _of_published(self, published: Snapshot, day: dt.date) -> tuple[Finding, ...]:
        key = (published.version, day)
        known = self._known
        if known is None or known[0] != key:
            known = self._known = (key, tuple(audit(published, day)))
        return known[1]


REVIEWS = web.AppKey("reviews", Reviews)
