"""What the assistant would answer now to a question of the log, or of a regression case. Nothing is written."""

from __future__ import annotations

import datetime as dt

from bot.conversation.rasa_client import Question, RasaClient, RasaReply
from bot.conversation.reading import without_commands

# Told apart from citizens' channels by whoever counts turns.
CHANNEL = "review"
_SECONDS = 10.0


class Replay:
    """Asks Rasa as the gateway does, each question on its own: the case that stood then is not kept in the log.

    With a ``draft`` it answers as if that change set were published.
    """

    def __init__(
        self, rasa: RasaClient, today: dt.date, *, seconds: float = _SECONDS, draft: int | None = None
    ) -> None:
        self._rasa = rasa
        self._today = today
        self._seconds = seconds
        self._draft = draft

    async def ask(self, text: str) -> RasaReply:
        """The reply to a normalised, masked question; raises the subclasses of ``RasaError``."""
        question = Question(without_commands(text), {}, self._today, CHANNEL, draft=self._draft)
        return await self._rasa.ask(question, timeout=self._seconds)
