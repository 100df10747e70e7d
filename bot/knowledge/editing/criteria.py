"""Criteria in words, for officers who build them from lists."""

from decimal import Decimal
from typing import Any

from bot.knowledge.domain import FactDefinition, FactType, Operator
from bot.knowledge.wording import amount_text, lower_first, number_text

_ORDER = {
    Operator.AT_LEAST: "từ {} trở lên",
    Operator.AT_MOST: "từ {} trở xuống",
    Operator.MORE: "trên {}",
    Operator.LESS: "dưới {}",
    Operator.EQUAL: "bằng {}",
    Operator.NOT_EQUAL: "khác {}",
}
_CHOICE = {
    Operator.EQUAL: "là {}",
    Operator.NOT_EQUAL: "không phải là {}",
    Operator.IN: "là một trong: {}",
    Operator.NOT_IN: "không thuộc: {}",
}
_OPEN = {Operator.UNSETTLED: "văn bản chưa quy định rõ"}


def options(fact: FactDefinition) -> dict[Operator, str]:
    """The comparisons that fit a fact, each in words with ``{}`` for the value; none for a joint question."""
    match fact.type:
        case FactType.BOOLEAN:
            return {Operator.EQUAL: "{}"} | _OPEN
        case FactType.CHOICE | FactType.COMMUNE:
            return _CHOICE | _OPEN
        case FactType.SEVERAL:
            return {}
    return _ORDER | _OPEN


def label(fact: FactDefinition, operator: Operator, value: Any, parameter: str | None = None) -> str:
    """A criterion in words: "Tuổi từ 75 trở lên"; ``parameter`` is the name of what a fact is compared with.

    Raises ``ValueError`` for an operator that the fact does not have.
    """
    offered = options(fact)
    if operator not in offered:
        raise ValueError(f"{fact.id} is of type {fact.type}, which has no comparison {operator}")
    if operator is Operator.UNSETTLED:
        return f"{fact.label}: {offered[operator]}"
    if fact.type is FactType.BOOLEAN:
        return fact.label if value is True else f"Không: {lower_first(fact.label)}"
    words = parameter or ", ".join(
        _value(fact, each) for each in (value if isinstance(value, list | tuple) else [value])
    )
    return f"{fact.label} {offered[operator].format(words)}"


def _value(fact: FactDefinition, value: Any) -> str:
    if fact.type is FactType.CHOICE:
        return next((choice.label for choice in fact.choices if choice.id == value), str(value))
    if fact.type is FactType.MONEY:
        return amount_text(Decimal(str(value)), "đồng")
    return number_text(Decimal(str(value))) if fact.type is not FactType.COMMUNE else str(value)
