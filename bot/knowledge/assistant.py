"""Keeps an assistant over what is published: a turn that finds a newer knowledge version reads it anew."""

import threading

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.repository import current_version, load_snapshot
from bot.knowledge.retrieval import Index


class Library:
    """Hands out the assistant of the newest published version; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._assistant: Assistant | None = None

    def assistant(self) -> Assistant:
        """Return the assistant of now: one cheap read where nothing was published since the last call."""
        with Session(self._engine) as session:
            version = current_version(session)
            with self._lock:
                if self._assistant is None or self._assistant.snapshot.version != version:
                    snapshot = load_snapshot(session)
                    self._assistant = Assistant(snapshot, Index(snapshot))
                return self._assistant
