"""What officers have switched off is not answered: the citizen hears their message instead."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Button, Reply
from bot.knowledge.case import Case
from bot.knowledge.dialogue import calculate
from bot.knowledge.dialogue.replies import human_button, numbered, plain
from bot.knowledge.domain import Switch, SwitchKind
from bot.knowledge.snapshot import Snapshot

Told = tuple[list[Reply], Case]


def whole(today: date, snapshot: Snapshot) -> Reply | None:
    """Return what is said to everything while the whole assistant is off."""
    found = next((switch for switch in snapshot.switches if switch.kind is SwitchKind.ASSISTANT), None)
    return None if found is None else _unavailable(found, today)


def guarded(turn: Callable[[], Told], case: Case, today: date, snapshot: Snapshot) -> Told:
    """Take the turn; replies about what is off give way to its message, and a check of it ends."""
    closed = whole(today, snapshot)
    if closed is not None:
        return [closed], case
    replies, after = turn()
    if not snapshot.switches:
        return replies, after
    goal = _of_goal(after, snapshot)
    if goal is not None:
        return [_unavailable(goal, today)], after.stop()
    return [_checked(reply, today, snapshot) for reply in replies], after


def _of_goal(case: Case, snapshot: Snapshot) -> Switch | None:
    program = calculate.program_of(case.goal, snapshot) or snapshot.programs.get(case.goal or "")
    return None if program is None else snapshot.switched_off(program)


def _checked(reply: Reply, today: date, snapshot: Snapshot) -> Reply:
    answer = reply.answer
    if answer.status == "clarify":
        return _without(reply, today, snapshot)
    found = _switch(answer.topic, answer.program, snapshot)
    if found is not None:
        return _unavailable(found, today, answer.topic, answer.program)
    return _without(reply, today, snapshot)


def _without(reply: Reply, today: date, snapshot: Snapshot) -> Reply:
    """Take out of a reply what it offers and is off; where nothing is left to choose from, tell the message."""
    answer = reply.answer
    readings = tuple(each for each in answer.readings if _switch(each.topic, each.program, snapshot) is None)
    if answer.readings and not readings and answer.status == "clarify":
        first = answer.readings[0]
        found = _switch(first.topic, first.program, snapshot)
        assert found is not None
        return _unavailable(found, today, first.topic, first.program)
    dropped = [b for b in reply.buttons if _switch(b.act.get("topic"), b.act.get("program"), snapshot) is not None]
    if not dropped:
        return reply
    kept = tuple(button for button in reply.buttons if button not in dropped)
    return replace(reply, text=_relisted(reply, kept), answer=replace(answer, readings=readings), buttons=kept)


def _relisted(reply: Reply, kept: Sequence[Button]) -> str:
    """Return the text of a reply with only ``kept`` in its list."""
    lines = reply.text.split("\n")
    listed = {
        line: button for line, button in zip(numbered(reply.buttons), reply.buttons, strict=True) if line in lines
    }
    begin = next((place for place, line in enumerate(lines) if line in listed), len(lines))
    rest = [line for line in lines if line not in listed]
    return "\n".join([*rest[:begin], *numbered(b for b in listed.values() if b in kept), *rest[begin:]])


def _switch(topic: str | None, program: str | None, snapshot: Snapshot) -> Switch | None:
    known = snapshot.programs.get(program or "")
    return snapshot.topic_switched_off(topic) if known is None else snapshot.switched_off(known)


def _unavailable(switch: Switch, today: date, topic: str | None = None, program: str | None = None) -> Reply:
    reply = plain("unavailable", switch.message, today)
    return replace(reply, answer=replace(reply.answer, topic=topic, program=program), buttons=(human_button(),))
