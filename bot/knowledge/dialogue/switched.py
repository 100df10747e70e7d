"""What officers have switched off is not answered: the citizen hears their message instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.knowledge.answer import Reply
from bot.knowledge.case import Case
from bot.knowledge.dialogue import calculate
from bot.knowledge.dialogue.replies import human_button, plain
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
    program = snapshot.programs.get(answer.program or "")
    found = None if program is None else snapshot.switched_off(program)
    if found is None and answer.status != "clarify":
        targets = {(SwitchKind.TOPIC, answer.topic), (SwitchKind.PROGRAM, answer.program)}
        found = next((switch for switch in snapshot.switches if (switch.kind, switch.target) in targets), None)
    if found is not None:
        return _unavailable(found, today, answer.topic, answer.program)
    return reply


def _unavailable(switch: Switch, today: date, topic: str | None = None, program: str | None = None) -> Reply:
    reply = plain("unavailable", switch.message, today)
    return replace(reply, answer=replace(reply.answer, topic=topic, program=program), buttons=(human_button(),))
