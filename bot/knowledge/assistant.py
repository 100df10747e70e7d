"""Keeps assistants over what is published, and over drafts that an officer tries out before they are."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.editing.preview import draft_revision, draft_snapshot
from bot.knowledge.repository import current_version, load_snapshot
from bot.knowledge.retrieval import Index
from bot.knowledge.snapshot import Snapshot

DRAFTS_KEPT = 3

Later = Callable[[Callable[[], None]], None]
"""Does the given work later, and does not wait for it."""


class Library:
    """Hands out the assistant of the newest published version; safe to use from several threads."""

    def __init__(self, engine: Engine, later: Later | None = None) -> None:
        """Where ``later`` is given it is told to do what takes a second and can follow the first answers.

        That is to learn from the texts of a new version: until then it answers with what the last one taught.
        """
        self._engine = engine
        self._later = later
        # Drafts wait for what is learnt; citizens do not wait for drafts.
        self._lock, self._drafting = threading.Lock(), threading.Lock()
        self._assistant: Assistant | None = None
        self._drafts: OrderedDict[tuple[int, int, int], Assistant] = OrderedDict()

    def assistant(self) -> Assistant:
        """Return the assistant of now: one cheap read where nothing was published since the last call."""
        with self._engine.connect() as connection:
            version = current_version(connection)
            with self._lock:
                if self._assistant is None or self._assistant.snapshot.version != version:
                    snapshot = load_snapshot(connection)
                    connection.close()  # To index takes seconds: no transaction waits for that.
                    self._assistant = Assistant(snapshot, self._index(snapshot, self._later))
                return self._assistant

    def drafted(self, change_set: int) -> Assistant:
        """Return an assistant that answers as if the change set were published.

        Raises :class:`bot.knowledge.editing.faults.EditingError` where there is none, or its content is out of form.
        """
        with Session(self._engine) as session:
            key = (change_set, draft_revision(session, change_set), current_version(session))
            with self._drafting:
                if key not in self._drafts:
                    snapshot = draft_snapshot(session, change_set)
                    session.close()
                    index = self._index(snapshot)
                    index.learn()
                    self._drafts[key] = Assistant(snapshot, index)
                    while len(self._drafts) > DRAFTS_KEPT:
                        self._drafts.popitem(last=False)
                self._drafts.move_to_end(key)
                return self._drafts[key]

    def _index(self, snapshot: Snapshot, later: Later | None = None) -> Index:
        """The index at hand where it fits, else a new one: most changes are of answers and figures."""
        if self._assistant is None:
            return Index(snapshot)
        before, taught = self._assistant.index, self._assistant.snapshot.learned
        if before.fits(snapshot):
            return before
        # Whoever taught a phrasing tries it in other words at once, and what it had led to before must be unlearnt.
        if later is None or snapshot.learned != taught:
            return Index(snapshot)
        index = Index(snapshot, before)
        later(index.learn)
        return index
