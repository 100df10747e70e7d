"""Replies that need no policy: courtesies, emergencies, the way to a person, erasing data."""

from datetime import date

from bot.knowledge.answer import Answer, Button, Reply
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.voice import say

_STARTERS = ("health_insurance", "housing_support", "clean_water", "poverty_status", "social_pension", "credit")


def courtesy(intent: str, today: date, snapshot: Snapshot) -> Reply:
    """Return the reply to a greeting, thanks, a call for help …"""
    buttons: tuple[Button, ...] = ()
    if intent in ("greet", "help", "bot_challenge"):
        buttons = (
            Button(say("buttons", "screen"), {"act": "screen"}),
            *(Button(snapshot.topics[t].name, {"act": "topic", "topic": t}) for t in _STARTERS if t in snapshot.topics),
        )
    if intent in ("feedback_bad", "foreign_language"):
        buttons = (Button(say("buttons", "human"), {"act": "human"}),)
    return Reply(say("social", intent), Answer("answered", "smalltalk", today), buttons)


def safety(intent: str, today: date, snapshot: Snapshot) -> Reply:
    """Return the reply to abuse, an emergency, a wish for a person or for erasure."""
    match intent:
        case "human":
            office = snapshot.offices.get("ubnd_xa")
            text = say("safety", "human", office=office.name if office else "Ủy ban nhân dân xã, phường nơi mình ở")
            return Reply(
                text,
                Answer("answered", "system", today, office=office.name if office else None),
                (Button(say("buttons", "human"), {"act": "human"}),),
            )
        case "delete_data":
            return Reply(
                say("safety", "delete_data"),
                Answer("asked_back", "system", today),
                (
                    Button(say("safety", "delete_yes"), {"act": "erase_data"}),
                    Button(say("safety", "delete_no"), {"act": "stop"}),
                ),
            )
        case "emergency":
            return Reply(say("safety", "emergency"), Answer("answered", "system", today))
        case _:
            return Reply(say("safety", "abuse"), Answer("blocked", "system", today))
