"""Why a turn deserves a reviewer's look."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot.conversation.models import TurnLog

LOW_CONFIDENCE, LOW_MARGIN = 0.4, 0.1
"""Of the act that the model read: too low to go by, and too near to the next likely one."""


class Reason(StrEnum):
    """The reasons, the weightiest first: a turn with several is in the queue for the first of them."""

    THUMBS_DOWN = "thumbs_down"
    OFFICER = "officer"
    NOT_UNDERSTOOD = "not_understood"
    NOT_COVERED = "not_covered"
    ASKED_TWICE = "asked_twice"
    LOW_MARGIN = "low_margin"
    ABANDONED = "abandoned"

    def outweighs(self, other: str) -> bool:
        """Whether this one says more about a turn than ``other``."""
        order = list(Reason)
        return order.index(self) < order.index(Reason(other))


OF_CHECK = frozenset({Reason.ASKED_TWICE, Reason.ABANDONED})
"""What went wrong at a question of a check: such turns belong together by that question, not by what was typed."""


def reason_of(turn: TurnLog, previous: TurnLog | None) -> Reason | None:
    """Why a typed turn deserves a look, seen from it and the one before it in its conversation; often ``None``."""
    match turn.status:
        case "clarify":
            return Reason.NOT_UNDERSTOOD
        case "not_covered":
            return Reason.NOT_COVERED
        case "asked_back":
            again = fact_asked(turn)
            return Reason.ASKED_TWICE if again and previous is not None and fact_asked(previous) == again else None
        case "answered" if turn.source not in {"smalltalk", "system"}:
            return _doubt(turn)
        case _:
            return None


def fact_asked(turn: TurnLog) -> str | None:
    """The fact that a turn ended by asking for, if it did."""
    asks = _answer(turn, -1).get("asks") or {}
    fact: str | None = asks.get("fact")
    return fact


def _doubt(turn: TurnLog) -> Reason | None:
    if turn.confidence is not None and turn.confidence < LOW_CONFIDENCE:
        return Reason.NOT_UNDERSTOOD
    ranking = (turn.understanding or {}).get("ranking") or []
    narrow = len(ranking) > 1 and ranking[0][1] - ranking[1][1] < LOW_MARGIN
    # Readings beside an answer: another topic was nearly as likely.
    return Reason.LOW_MARGIN if narrow or _answer(turn, 0).get("readings") else None


def _answer(turn: TurnLog, number: int) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = turn.answers[number]["answer"] if turn.answers else {}
    return answer
