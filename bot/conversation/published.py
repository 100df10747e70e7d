"""The published rows as the gateway's own pages read them."""

from __future__ import annotations

import threading

from sqlalchemy.orm import Session

from bot.knowledge.repository import current_version, load_snapshot
from bot.knowledge.snapshot import Snapshot


class Published:
    """Keeps the snapshot of the newest knowledge version, read when first needed; safe in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def read(self, db: Session) -> Snapshot:
        """The snapshot of now: one cheap query where nothing was published since."""
        with self._lock:
            if self._snapshot is None or self._snapshot.version != current_version(db):
                self._snapshot = load_snapshot(db)
            return self._snapshot
