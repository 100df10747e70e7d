import pytest

from bench.budget import REST, budget, storing, table

TOTALS = {"gateway": 5.0, "rasa": 6.0, "actions": 2.5}
PARTS = {"gateway": {"store": 1.5}, "rasa": {"parse": 3.0, "policy": 0.5}}


def test_the_parts_add_up_to_what_the_processes_use() -> None:
    found = budget(TOTALS, PARTS)
    for process, total in TOTALS.items():
        assert sum(part.core_ms for part in found if part.process == process) == pytest.approx(total)
    assert {(part.process, part.name): part.core_ms for part in found}["rasa", REST] == pytest.approx(2.5)
    assert table(found).splitlines()[-1] == "| together | | 13.50 | 100% |"


def test_parts_that_cost_more_than_their_process_are_refused() -> None:
    with pytest.raises(ValueError, match="gateway"):
        budget({"gateway": 1.0}, PARTS)


def test_many_turns_of_one_session_are_stored() -> None:
    assert storing(100) > 0
