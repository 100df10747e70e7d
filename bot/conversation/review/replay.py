"""What the assistant would answer now to a question of the log, or of a regression case. Nothing is written."""

from __future__ import annotations

import datetime as dt

from bot.conversation.rasa_client import Question, RasaClient, RasaReply
from bot.conversation.reading import without_commands

# Told apart from citizens' channels by whoever counts turns.
CHANNEL = "review"
_SECONDS = 10.0


class Replay:
    """Asks Rasa as the gateway does, each question on its own: the case that stood then is not kept in the log."""

    def __init__(self, rasa: RasaClient, today: dt.date, *, seconds: float = _SECONDS) -> None:
        self._rasa = rasa
        self._today = today
        self._seconds = seconds

    async def ask(self, text: str) -> RasaReply:
        """The reply to a normalised, masked question; raises the subclasses of ``RasaError``."""
        question = Question(text=without_commands(text), case={}, today=self._today, channel=CHANNEL)
        return await self._rasa.ask(question, timeout=self._seconds)
