"""The table of faults names the faults that the tests inject, and no loss."""

from __future__ import annotations

from tests.faults import table
from tests.faults.faults import FAULTS


def test_the_table_names_exactly_the_faults_that_are_tested() -> None:
    assert table.names(table.PAGE.read_text(encoding="utf-8")) == [fault.name for fault in FAULTS]


def test_nothing_was_lost_or_doubled() -> None:
    rows = table.rows(table.PAGE.read_text(encoding="utf-8"))
    assert [(row[0], row[4], row[5]) for row in rows if row[4:6] != ["0", "0"]] == []
