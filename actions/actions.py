"""The four actions. They query the policy tables through :mod:`bot.knowledge`; no amount and no rule stands here."""

import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.message import Message, read
from bot.knowledge.answer import Reply
from bot.knowledge.assistant import Library
from bot.knowledge.case import Case
from bot.knowledge.dialogue import social, switched
from bot.knowledge.dialogue.replies import plain
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.editing.faults import EditingError


class _Turn(Action):  # type: ignore[misc]  # rasa_sdk.Action is untyped
    """Reads the message, lets the subclass answer, utters replies, case and understanding as one payload."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002 – the interface of rasa_sdk
    ) -> list[dict[str, Any]]:
        """Answer the latest message; returns no events, as the conversation's state is the case."""
        started = time.perf_counter()
        message = read(tracker)
        version, replies, case = self._take(message)
        said = message.said
        dispatcher.utter_message(
            json_message={
                "answers": [reply.to_json() for reply in replies],
                "case": case.to_json(),
                "understanding": {
                    "intent": said.intent,
                    "confidence": said.confidence,
                    "ranking": [list(pair) for pair in said.ranking],
                    "entities": [
                        {"entity": e.name, "value": e.value, "start": e.start, "end": e.end} for e in said.entities
                    ],
                },
                "knowledge_version": version,
                "durations": {"answer_ms": round((time.perf_counter() - started) * 1000, 2)},
            }
        )
        return []

    def answer(self, assistant: Assistant, message: Message) -> tuple[list[Reply], Case]:
        raise NotImplementedError

    def _take(self, message: Message) -> tuple[int, list[Reply], Case]:
        """Knowledge version, replies and new case; a draft is answered by the assistant that there would be with it."""
        assistant = self._library.assistant()
        if message.draft is not None:
            try:
                assistant = self._library.drafted(message.draft)
            except EditingError as error:
                told = plain("error", str(error), message.said.today)
                return assistant.snapshot.version, [told], message.case
        return assistant.snapshot.version, *self.answer(assistant, message)


class ActionAnswer(_Turn):
    """Questions about policy and everything said within a check."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_answer"

    def answer(self, assistant: Assistant, message: Message) -> tuple[list[Reply], Case]:
        """Let the assistant answer."""
        return assistant.answer(message.said, message.case)


class ActionButton(_Turn):
    """A button that the gateway has verified."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_button"

    def answer(self, assistant: Assistant, message: Message) -> tuple[list[Reply], Case]:
        """Do what the button says."""
        return assistant.press(message.button or {}, message.case, message.said.today)


class ActionSocial(_Turn):
    """Courtesies."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_social"

    def answer(self, assistant: Assistant, message: Message) -> tuple[list[Reply], Case]:
        """Return the courtesy's reply; the case stays."""
        snapshot, today = assistant.snapshot, message.said.today
        reply = switched.whole(today, snapshot) or social.courtesy(message.said.intent, today, snapshot)
        return [reply], message.case


class ActionSafety(_Turn):
    """Abuse, emergencies, a wish for a person or for erasure."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_safety"

    def answer(self, assistant: Assistant, message: Message) -> tuple[list[Reply], Case]:
        """Return the fixed reply; the case stays."""
        reply = social.safety(message.said.intent, message.said.today, assistant.snapshot)
        return [reply], message.case
