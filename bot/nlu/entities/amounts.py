"""Money, and the numbers that no other parser claims."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.nlu.entities.found import Found
from bot.text.money import find_money
from bot.text.numbers import find_numbers, parse_number_words


def find_amounts(text: str) -> Iterator[Found]:
    """``money`` entities: ``{"amount": 1500000, "per": "month"}``, in whole đồng.

    ``per`` is ``"person_month"``, ``"person"``, ``"month"``, ``"year"`` or None. A range has also
    ``"low"``; its ``amount`` is the upper end. ``text`` is composed (NFC).
    """
    for span in find_money(text):
        value: dict[str, Any] = {"amount": span.amount, "per": span.per}
        if span.low is not None:
            value["low"] = span.low
        yield Found("money", span.start, span.end, value)


def find_plain_numbers(text: str) -> Iterator[Found]:
    """``number`` entities: an integer, or a float where the text has decimals.

    A message that is nothing but number words is an answer, and read as such even where the words
    could mean more ("ba", "nam", "một").
    """
    answer = text.strip(" .,!")
    alone = parse_number_words(answer) if answer else None
    if alone is not None:
        start = text.index(answer)
        yield Found("number", start, start + len(answer), alone)
    for span in find_numbers(text):
        if text[span.start : span.end].lower() == "một":
            continue  # the article of "một tháng"
        whole = span.value == span.value.to_integral_value()
        yield Found("number", span.start, span.end, int(span.value) if whole else float(span.value))
