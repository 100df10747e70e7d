"""Zalo's error numbers."""

from __future__ import annotations

import pytest

from bot.channels.push.transport import Result
from bot.channels.zalo_oa.errors import outcome_of

TABLE = {
    Result.UNREACHABLE: [-213, -217, -218, -222, -227, -230, -232, -244, -248],
    Result.MALFORMED: [-201, -210, -233, -100],
    Result.SPENT: [-211, -305, -320, -321],
    Result.CLOSED: [-202, -204, -205, -207, -208, -209, -212, -215, -219, -221, -223, -224, -235, -240, -242, -216],
}


@pytest.mark.parametrize(("number", "result"), [(n, result) for result, numbers in TABLE.items() for n in numbers])
def test_each_number_has_one_consequence(number: int, result: Result) -> None:
    assert outcome_of(number).result is result
    assert outcome_of(number).code == str(number)


def test_a_rate_limit_is_worth_waiting_for_and_a_strange_error_a_few_tries() -> None:
    assert (outcome_of(-32).result, outcome_of(-32).tries) == (Result.LATER, None)
    assert (outcome_of(-200).result, outcome_of(-200).tries) == (Result.LATER, 3)
    assert (outcome_of(-99999).result, outcome_of(-99999).tries) == (Result.LATER, 3)
