"""What the gateway and Rasa tell an action about the message, read from the tracker."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rasa_sdk import Tracker

from bot.knowledge.case import Case
from bot.knowledge.clock import today
from bot.knowledge.dialogue.understanding import Ask, Entity, Understanding


@dataclass(frozen=True, slots=True)
class Message:
    """The message as understood, the case before it and the act of a pressed button.

    ``draft`` is the change set that an officer of the console tries out; a citizen's message never has one.
    """

    said: Understanding
    case: Case
    button: Mapping[str, Any] | None
    draft: int | None = None


def read(tracker: Tracker) -> Message:
    """Read the latest message; the gateway's metadata carries the case, the day and a button's act."""
    latest: dict[str, Any] = tracker.latest_message
    metadata: dict[str, Any] = latest.get("metadata") or {}
    intent = latest.get("intent") or {}
    ranking = [(str(r["name"]), float(r["confidence"])) for r in latest.get("intent_ranking", [])]
    day = metadata.get("today")
    said = Understanding(
        text=str(latest.get("text") or ""),
        intent=str(intent.get("name") or "nlu_fallback"),
        confidence=float(intent.get("confidence") or 0.0),
        today=date.fromisoformat(day) if day else today(),
        entities=tuple(
            Entity(str(e["entity"]), e["value"], int(e["start"]), int(e["end"])) for e in latest.get("entities", [])
        ),
        ranking=tuple(ranking),
        asks=tuple(
            Ask(str(a["intent"]), float(a["confidence"]), int(a["start"]), int(a["end"]))
            for a in latest.get("asks") or []
        ),
    )
    draft = metadata.get("draft")
    case = Case.from_json(metadata.get("case") or {})
    return Message(said, case, metadata.get("button"), draft if isinstance(draft, int) else None)
