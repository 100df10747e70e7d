"""Trackers that last about as long as the turn they serve."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

DEFAULT_MOST = 64


class BoundedTrackerStore(TrackerStore):  # type: ignore[misc]  # rasa carries no types
    """Keeps the ``max_trackers`` most recently saved trackers, in memory.

    Conversations live in our database and each turn comes with a sender of its own, so a tracker
    is needed while its turn runs and never again. ``max_trackers`` must exceed the number of turns
    that run at once. Trackers are kept as objects: nothing is serialised.
    """

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        max_trackers: int = DEFAULT_MOST,
        **kwargs: Any,
    ) -> None:
        if int(max_trackers) < 1:
            raise ValueError(f"max_trackers must be at least 1, for example {DEFAULT_MOST}. Given: {max_trackers}")
        super().__init__(domain, event_broker, **kwargs)
        self._most = int(max_trackers)
        self._trackers: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep ``tracker``, and drop the longest unsaved one if there are too many."""
        await self.stream_events(tracker)
        self._trackers[tracker.sender_id] = tracker
        self._trackers.move_to_end(tracker.sender_id)
        while len(self._trackers) > self._most:
            self._trackers.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """A copy of the tracker of ``sender_id``, or None if there is none (any more)."""
        tracker = self._trackers.get(sender_id)
        return tracker.copy() if tracker else None

    async def keys(self) -> Iterable[str]:
        """The senders whose trackers are kept, the most recent last."""
        return list(self._trackers)
