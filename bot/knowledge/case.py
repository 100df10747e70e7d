"""The case of one conversation: facts, members, what is in focus and the question that is pending.

It travels as JSON: the gateway sends it with each message and commits the one that comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Self

from bot.knowledge.answer import Button
from bot.knowledge.values import FactKey, FactValue, from_json, to_json

SELF = "self"
SCREENING = "screening"
"""The goal of a check over all programs."""
WITHIN_TOPIC = "topic:"
"""Begins the goal of a check over the programs of one topic; any other goal is a program id."""


@dataclass(frozen=True, slots=True)
class Focus:
    """What the conversation is about, so that a follow-up ("còn giấy tờ?") needs not say it again."""

    topic: str | None = None
    program: str | None = None
    aspect: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a turn must know of the turns before it.

    ``facts`` are stated or answered, never derived; ``declined`` holds what is not to be asked again, since the
    citizen does not know it. ``goal`` is the check under way, ``subjects`` the members it is for, or else who was
    spoken of last, ``asked`` how many questions it has put, ``chosen`` what was picked so far from the pending joint
    question, ``offered`` what the last reply left to choose.
    """

    facts: dict[FactKey, FactValue] = field(default_factory=dict)
    declined: frozenset[FactKey] = frozenset()
    members: tuple[str, ...] = ()
    focus: Focus = Focus()
    goal: str | None = None
    subjects: tuple[str, ...] = ()
    pending: FactKey | None = None
    last_asked: FactKey | None = None
    chosen: tuple[str, ...] = ()
    asked: int = 0
    as_of: date | None = None
    misses: int = 0
    offered: tuple[Button, ...] = ()

    def state(self, key: FactKey, value: FactValue) -> Self:
        """Return the case with a fact stated; a later statement replaces an earlier one."""
        member, _ = key
        members = self.members if member is None or member in self.members else (*self.members, member)
        pending = None if self.pending == key else self.pending
        return replace(
            self,
            facts={**self.facts, key: value},
            declined=self.declined - {key},
            members=members,
            pending=pending,
        )

    def state_all(self, facts: Mapping[FactKey, FactValue]) -> Self:
        """Return the case with all those facts stated."""
        case = self
        for key, value in facts.items():
            case = case.state(key, value)
        return case

    def decline(self, key: FactKey) -> Self:
        """Return the case with a fact that the citizen cannot tell, so that it is not asked again."""
        return replace(self, declined=self.declined | {key}, pending=None if self.pending == key else self.pending)

    def stop(self) -> Self:
        """Return the case with no check under way; what is known stays known, and of whom was spoken."""
        return replace(self, goal=None, pending=None, asked=0, chosen=())

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form: see :meth:`from_json`."""
        return {
            "facts": [[member, fact, to_json(value)] for (member, fact), value in self.facts.items()],
            "declined": sorted(([m, f] for m, f in self.declined), key=str),
            "members": list(self.members),
            "focus": {"topic": self.focus.topic, "program": self.focus.program, "aspect": self.focus.aspect},
            "goal": self.goal,
            "subjects": list(self.subjects),
            "pending": list(self.pending) if self.pending else None,
            "last_asked": list(self.last_asked) if self.last_asked else None,
            "chosen": list(self.chosen),
            "asked": self.asked,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "misses": self.misses,
            "offered": [[button.title, button.act] for button in self.offered],
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Case":
        """Read a stored case; an empty object is a new case."""
        if not stored:
            return cls()
        focus = stored.get("focus") or {}
        return cls(
            facts={(m, f): from_json(value) for m, f, value in stored.get("facts", [])},
            declined=frozenset((m, f) for m, f in stored.get("declined", [])),
            members=tuple(stored.get("members", [])),
            focus=Focus(focus.get("topic"), focus.get("program"), focus.get("aspect")),
            goal=stored.get("goal"),
            subjects=tuple(stored.get("subjects", [])),
            pending=_key(stored.get("pending")),
            last_asked=_key(stored.get("last_asked")),
            chosen=tuple(stored.get("chosen", [])),
            asked=int(stored.get("asked", 0)),
            as_of=date.fromisoformat(stored["as_of"]) if stored.get("as_of") else None,
            misses=int(stored.get("misses", 0)),
            offered=tuple(Button(title, act) for title, act in stored.get("offered", [])),
        )


def commune_of(stored: dict[str, Any] | None) -> str | None:
    """The code of the commune that a stored case names for the household, if any."""
    for member, fact, value in (stored or {}).get("facts", []):
        if member is None and fact == "commune" and isinstance(value, str):
            return value
    return None


def _key(stored: list[Any] | None) -> FactKey | None:
    return (stored[0], stored[1]) if stored else None
