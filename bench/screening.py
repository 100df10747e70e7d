"""Made-up households go through the screening in-process: how many questions each must answer, and what it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.knowledge.answer import Reply
from bot.knowledge.case import Case
from bot.knowledge.derive import assume_by_age, derive
from bot.knowledge.dialogue import check
from bot.knowledge.dialogue.turn import Assistant
from bot.knowledge.domain import FactType
from bot.knowledge.households import Household
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import FactKey, FactValue

Verdicts = dict[tuple[str, str | None], str]
"""By program and member."""

OPENING = ("household_class", "commune", "age")
"""What a typical first message tells: "nhà tôi cận nghèo ở Ba Tơ, mẹ 76 tuổi"."""

TOO_MANY = 200


@dataclass(frozen=True, slots=True)
class Screened:
    """The number of questions that were put, of facts known at the end, and the verdicts."""

    questions: int
    facts: int
    verdicts: Verdicts


def screen(assistant: Assistant, household: Household, today: date, told: Iterable[str] = ()) -> Screened:
    """Screens one household that has already `told` the facts of those names and answers what it knows.

    Raises RuntimeError when the questions don't come to an end.
    """
    case = Case(members=(household.member,))
    for key, value in household.truth.items():
        if key[1] in told:
            case = case.state(key, value)
    replies, case = assistant.press({"act": "screen"}, case, today)
    for questions in range(TOO_MANY):
        asks = replies[-1].answer.asks
        if asks is None:
            return Screened(questions, len(case.facts), _verdicts(replies[-1]))
        replies, case = _answer(assistant, case, (asks.member, asks.fact), household.truth, today)
    raise RuntimeError(f"{TOO_MANY} questions and no end, the last about {replies[-1].answer.asks}")


def _answer(
    assistant: Assistant, case: Case, key: FactKey, truth: Mapping[FactKey, FactValue], today: date
) -> tuple[list[Reply], Case]:
    member, fact = key
    value = truth.get(key)
    if assistant.snapshot.facts[fact].type is FactType.SEVERAL:
        return _choose(assistant, case, key, truth, today)
    if value is None:
        return assistant.press({"act": "dont_know", "fact": fact, "member": member}, case, today)
    if isinstance(value, bool | str):
        return assistant.press({"act": "inform", "fact": fact, "member": member, "value": value}, case, today)
    # Ages and amounts are typed; understanding what was typed is not measured here.
    reply, case = check.advance(case.state(key, value), today, assistant.snapshot)
    return [reply], case


def _choose(
    assistant: Assistant, case: Case, key: FactKey, truth: Mapping[FactKey, FactValue], today: date
) -> tuple[list[Reply], Case]:
    """A joint question is answered in one message ("1 và 3"), or not at all where something is not known."""
    shown = check.shown_choices(case, key, today, assistant.snapshot)
    named = {(key[0], fact): value for choice in shown for fact, value in choice.unless.items()}
    if any(each not in truth for each in named):
        return check.decline(case, key, today, assistant.snapshot)
    chosen = [c.id for c in shown if any(truth[key[0], fact] != value for fact, value in c.unless.items())]
    return check.answer_several(case, key, chosen, today, assistant.snapshot)


def verdicts_of_everything(snapshot: Snapshot, household: Household, today: date) -> Verdicts:
    """The verdicts for somebody who tells everything they know at once."""
    facts: Mapping[FactKey, FactValue] = assume_by_age(
        derive(household.truth, snapshot.facts, snapshot.communes), snapshot.facts, today
    )
    judged = snapshot.rules(today).judge(facts, [household.member], lambda program: program.screened)
    return {(judgement.program.id, judgement.member): judgement.verdict.value for judgement in judged}


def _verdicts(reply: Reply) -> Verdicts:
    return {(result.program, result.member): result.verdict for result in reply.answer.results}
