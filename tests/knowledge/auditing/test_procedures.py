from dataclasses import replace

from bot.knowledge.auditing.findings import Rule, Severity
from bot.knowledge.domain import State
from tests.knowledge.auditing.faults import SMALL, seen, with_provisions

OLD, NOW = SMALL.programs["huu_tri"].provisions
ROW = "programs › huu_tri › moi"


def test_an_open_program_says_what_to_bring() -> None:
    changed = with_provisions("huu_tri", OLD, replace(NOW, documents=()))
    assert seen(changed) == [(Rule.PROGRAM_WITHOUT_DOCUMENTS, Severity.WARNING, ROW)]


def test_an_open_program_says_what_to_do() -> None:
    changed = with_provisions("huu_tri", OLD, replace(NOW, steps=()))
    assert seen(changed) == [(Rule.PROGRAM_WITHOUT_STEPS, Severity.WARNING, ROW)]


def test_what_is_not_open_need_not() -> None:
    pending = replace(NOW, state=State.PENDING, note="Chưa công bố.", documents=(), steps=())
    assert seen(with_provisions("huu_tri", OLD, pending)) == []
