"""Messages as Rasa would understand them, with entities placed by the words they were found in."""

from datetime import date
from typing import Any

from bot.knowledge.answer import Reply
from bot.knowledge.case import Case
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.dialogue.understanding import Entity, Understanding
from tests.knowledge.rows import TODAY


def said(text: str, intent: str = "inform", *found: tuple[str, Any, str], today: date = TODAY) -> Understanding:
    """``found``: entity name, its value, the words of ``text`` that it stands for."""
    entities = tuple(
        Entity(name, value, text.index(words), text.index(words) + len(words)) for name, value, words in found
    )
    return Understanding(text, intent, 0.9, today, entities)


class Conversation:
    """Turns with one assistant, each from the case that the one before left, through its JSON form."""

    def __init__(self, assistant: Assistant, case: Case | None = None) -> None:
        self.assistant = assistant
        self.case = case or Case()

    def say(self, text: str, intent: str = "inform", *found: tuple[str, Any, str]) -> list[Reply]:
        return self._take(self.assistant.answer(said(text, intent, *found), self.case))

    def press(self, act: dict[str, Any]) -> list[Reply]:
        return self._take(self.assistant.press(act, self.case, TODAY))

    def _take(self, turn: tuple[list[Reply], Case]) -> list[Reply]:
        replies, case = turn
        assert replies
        for reply in replies:
            assert reply.text.strip()
            reply.to_json()
        self.case = Case.from_json(case.to_json())
        return replies


def asked(replies: list[Reply]) -> tuple[str | None, str] | None:
    asks = replies[-1].answer.asks
    return (asks.member, asks.fact) if asks else None
