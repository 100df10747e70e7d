"""From the messages of a turn to parcels: texts of a bearable length, few buttons, and a menu for what is left.

What a channel has no buttons for is offered as a numbered list; the number, or the words themselves, then
stand for the button. A joint question already has numbers, several of which can be answered at once ("1 3 4").
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.push.pieces import pieces, units
from bot.conversation.messages import Message
from bot.conversation.voice import Voice
from bot.text.fold import fold

_MAX_TITLE = 100
# A number typed in answer to these is the answer itself.
_OPEN_QUESTIONS = frozenset({"number", "money", "age", "duration", "commune"})


@dataclass(frozen=True)
class Shape:
    """What a channel takes: ``units`` of text (UTF-16) and ``buttons`` in one message."""

    units: int
    buttons: int


@dataclass(frozen=True)
class Parcel:
    """One message as it is sent; ``buttons`` are pairs of title and payload."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form in the outbox."""
        return {"text": self.text, "buttons": [list(button) for button in self.buttons]}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Parcel:
        """The parcel again."""
        return cls(body["text"], tuple((title, payload) for title, payload in body["buttons"]))


@dataclass(frozen=True)
class Choice:
    """A choice of the menu: by ``number``, where it has one, or by its words."""

    number: int | None
    title: str
    payload: str


@dataclass
class Packed:
    """The parcels of each message, under its id, and the menu that the next message may choose from."""

    parcels: list[tuple[str, list[Parcel]]] = field(default_factory=list)
    menu: list[Choice] = field(default_factory=list)


def pack(messages: Sequence[Message], shape: Shape, voice: Voice, *, keepsakes: bool = True) -> Packed:
    """Parcels and menu of a turn; ``keepsakes`` says whether its checklists will be there to open."""
    packed = Packed()
    for message in messages:
        text, buttons, menu = _offer(message, shape, voice, first=len(packed.menu) + 1)
        if not keepsakes:
            text = _without_checklist(text, message)
        *before, last = pieces(text, shape.units) or [""]
        parcels = [*map(Parcel, before), Parcel(last, buttons)]
        packed.parcels.append((message.id, parcels))
        packed.menu += menu
    return packed


def chosen(typed: str, menu: Sequence[Choice]) -> str | None:
    """The payload of the choice that was typed, by number or in its words; ``None`` for anything else."""
    said = fold(typed).strip(" .,;:!()\"'“”")
    for choice in menu:
        if said in {str(choice.number), fold(choice.title).strip(" .?!")}:
            return choice.payload
    return None


def _offer(
    message: Message, shape: Shape, voice: Voice, first: int
) -> tuple[str, tuple[tuple[str, str], ...], list[Choice]]:
    """The text with what is offered in words, the buttons, and the menu."""
    asks = (message.answer or {}).get("asks") or {}
    buttons = [(button["title"], button["payload"]) for button in message.buttons]
    text = message.text
    if asks.get("multiple"):
        choices = asks["choices"]
        buttons = [button for button in buttons if button[0] not in choices]
        text = f"{text}\n\n{voice.phrases['mail_several'].format(example=_example(len(choices)))}"
    if len(buttons) <= shape.buttons:
        return text, tuple((_title(title), payload) for title, payload in buttons), []
    if asks.get("multiple") or asks.get("type") in _OPEN_QUESTIONS:
        words = ", ".join(f"“{title}”" for title, _ in buttons)
        menu = [Choice(None, title, payload) for title, payload in buttons]
        return f"{text}\n\n{voice.phrases['mail_words'].format(words=words)}", (), menu
    menu = [Choice(number, title, payload) for number, (title, payload) in enumerate(buttons, first)]
    shown = tuple((_title(title), payload) for title, payload in buttons[: shape.buttons])
    listed = text.split("\n")
    lines = [line for choice in menu if (line := f"{choice.number}. {choice.title}") not in listed]
    return "\n".join([text, *(["", voice.phrases["mail_numbers"], *lines] if lines else [])]), shown, menu


def _example(choices: int) -> str:
    return {1: "1", 2: "1 2", 3: "1 3"}.get(choices, "1 3 4")


def _title(title: str) -> str:
    return title if units(title) <= _MAX_TITLE else pieces(title, _MAX_TITLE - 1)[0] + "…"


def _without_checklist(text: str, message: Message) -> str:
    url = (message.answer or {}).get("checklist_url")
    return "\n".join(line for line in text.split("\n") if url is None or url not in line)


def with_line(message: Message, line: str, button: dict[str, str] | None = None) -> Message:
    """The message with one line more at its end, and perhaps a button."""
    buttons = message.buttons if button is None else [*message.buttons, button]
    return dataclasses.replace(message, text=f"{message.text}\n\n{line}", buttons=buttons)
