"""What the last reply left to choose, taken by typing instead of a button: "có", "2", "vay hộ nghèo"."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Act, Button, Reply
from bot.knowledge.dialogue.replies import numbered, plain
from bot.knowledge.dialogue.stated import says_yes
from bot.knowledge.dialogue.understanding import Understanding
from bot.knowledge.voice import say
from bot.text.fold import fold

_READINGS = frozenset({"ask", "topic"})
"""The acts that the list in a reply names; a yes means what is offered beside it."""
_NUMBER = re.compile(
    r"^(?:da |em |chon |so |muc |cai |cau |dieu |viec )*(?:thu )?"
    r"(?:(\d)|(nhat|dau tien)|(hai|nhi)|(ba))(?: a| nha| nhe| em)*$"
)


def offered_by(reply: Reply) -> tuple[Button, ...]:
    """Return what ``reply`` leaves to choose; beside a question of a check that is to see the result."""
    if reply.answer.status == "clarify":
        return reply.buttons
    return tuple(button for button in reply.buttons if button.act["act"] == "result")


def named(said: Understanding, offered: Sequence[Button]) -> Act | None:
    """Return the act of the one offer that the message names, by some of its words at least."""
    words = fold(said.text).strip(" .!?,")
    titles = [fold(button.title) for button in offered]
    meant = [place for place, title in enumerate(titles) if words == title]
    if not meant and " " in words:
        meant = [place for place, title in enumerate(titles) if f" {words} " in f" {title} "]
    return offered[meant[0]].act if len(meant) == 1 else None


def again(offered: Sequence[Button], today: date) -> Reply:
    """Ask once more which of several it is."""
    text = "\n".join([say("fallback", "which"), *numbered(offered)])
    return replace(plain("clarify", text, today), buttons=tuple(offered))


def taken(said: Understanding, offered: Sequence[Button]) -> Act | None:
    """Return the act of the offer that the message takes; ``None`` where it says something else."""
    act = named(said, offered)
    if act is not None:
        return act
    readings = [button for button in offered if button.act["act"] in _READINGS]
    number = _NUMBER.match(fold(said.text).strip(" .!?,"))
    if number:
        digit, *spelled = number.groups()
        place = int(digit) if digit else next(n for n, word in enumerate(spelled, start=1) if word)
        listed = readings or offered
        return listed[place - 1].act if 1 <= place <= len(listed) else None
    beside = [button for button in offered if button.act in ({"act": "screen"}, {"act": "human"})]
    meant = beside[-1:] or (readings if len(readings) == 1 else [])
    return meant[0].act if meant and says_yes(said) else None
