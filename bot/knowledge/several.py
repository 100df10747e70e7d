"""One question that settles several facts: "Người cần xét thuộc những diện nào sau đây?".

Such a question is a fact definition of type ``several``. No criterion reads it; each of its choices settles facts when
it is chosen and when it is not. It is put instead of a single question where two or more of its choices are open.
"""

from collections.abc import Collection, Iterable, Mapping

from bot.knowledge.case import Case
from bot.knowledge.derive import OF_COMMUNE
from bot.knowledge.domain import Choice, FactDefinition, FactType, Scope
from bot.knowledge.values import FactKey, FactValue

FEWEST = 2
"""Open choices that make the joint question worth its length."""


def best_question(
    key: FactKey, wanted: Collection[FactKey], case: Case, facts: Mapping[str, FactDefinition]
) -> FactKey:
    """Return by which question to ask for ``key``: itself, the commune it follows from, or a joint question.

    ``wanted`` are all facts that can still change a verdict.
    """
    if key[1] in OF_COMMUNE and (None, "commune") not in case.declined and (None, "commune") not in case.facts:
        return (None, "commune")
    for question in facts.values():
        joint = (key[0], question.id)
        asks_for_it = question.type is FactType.SEVERAL and key in keys_settled(question, key[0])
        if asks_for_it and joint not in case.declined and len(open_choices(question, key[0], wanted)) >= FEWEST:
            return joint
    return key


def open_choices(question: FactDefinition, member: str | None, wanted: Collection[FactKey]) -> tuple[Choice, ...]:
    """Return the choices that settle a fact still wanted of ``member``; the others need not be read out."""
    return tuple(c for c in question.choices if any((member, fact) in wanted for fact in (*c.when, *c.unless)))


def settle(case: Case, key: FactKey, shown: Iterable[Choice], chosen: Collection[str]) -> Case:
    """Return the case with what follows from having ``chosen`` those of the choices ``shown``, and no others."""
    settled: dict[FactKey, FactValue] = {}
    for choice in shown:
        follows = choice.when if choice.id in chosen else choice.unless
        settled |= {(key[0], fact): value for fact, value in follows.items()}
    # What was stated in so many words ("khuyết tật nặng") says more than a choice.
    return case.state_all({k: v for k, v in settled.items() if k not in case.facts}).decline(key)


def leave_open(case: Case, key: FactKey, shown: Iterable[Choice], chosen: Collection[str]) -> Case:
    """Return the case of somebody who has ``chosen`` some and cannot tell about the others."""
    rest = [choice for choice in shown if choice.id not in chosen]
    case = settle(case, key, [choice for choice in shown if choice.id in chosen], chosen)
    for choice in rest:
        for fact in (*choice.when, *choice.unless):
            if (key[0], fact) not in case.facts:
                case = case.decline((key[0], fact))
    return case


def keys_settled(question: FactDefinition, member: str | None) -> set[FactKey]:
    """Return the facts that a joint question about ``member`` can settle."""
    if (member is None) is not (question.scope is Scope.HOUSEHOLD):
        return set()
    return {(member, fact) for choice in question.choices for fact in (*choice.when, *choice.unless)}
