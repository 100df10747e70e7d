"""Short replies of the dialogue itself, and the buttons that several of them share."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Answer, Button, Reply
from bot.knowledge.case import Case
from bot.knowledge.status import Status
from bot.knowledge.voice import say


def plain(status: Status, text: str, today: date) -> Reply:
    """Return words alone."""
    return Reply(text, Answer(status=status, source="system", as_of=today))


def numbered(buttons: Iterable[Button]) -> list[str]:
    """Return the lines of a list to choose from, by button or by typing a number."""
    return [f"{number}. {button.title}" for number, button in enumerate(buttons, start=1)]


def screen_button() -> Button:
    """Return the button that begins a screening."""
    return Button(say("buttons", "screen"), {"act": "screen"})


def human_button() -> Button:
    """Return the button that asks for a person."""
    return Button(say("buttons", "human"), {"act": "human"})


def officer_after_two(reply: Reply, case: Case) -> Reply:
    """Offer an officer with the second reply in a row that is none."""
    if case.misses < 1:
        return reply
    text = f"{reply.text}\n{say('fallback', 'twice')}"
    return replace(reply, text=text, buttons=(*reply.buttons, human_button()))
