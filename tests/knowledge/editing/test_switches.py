import pytest
from sqlalchemy import Engine

from bot.knowledge.assistant import Library
from bot.knowledge.case import SCREENING, Case
from bot.knowledge.domain import SwitchKind
from bot.knowledge.editing import changesets
from bot.knowledge.editing.faults import NotAllowedError
from bot.knowledge.editing.switches import switch_off, switch_on
from tests.knowledge.editing.test_publishing import do, new_decree, snapshot
from tests.knowledge.rows import TODAY

OFF = "Chính sách vay vốn đang được rà soát, mời mình quay lại sau ạ."


@pytest.mark.parametrize(
    ("kind", "target"), [(SwitchKind.PROGRAM, "loan"), (SwitchKind.TOPIC, "credit"), (SwitchKind.ASSISTANT, "")]
)
def test_what_is_off_answers_with_its_message_until_it_is_on(engine: Engine, kind: SwitchKind, target: str) -> None:
    library = Library(engine)
    acts = [{"act": "ask", "program": "loan", "aspect": "benefit"}, {"act": "check", "program": "loan"}]
    version = snapshot(engine).version
    do(engine, "minh", switch_off, kind, target, "Rà soát", OFF)
    for act in acts:
        replies, case = library.assistant().press(act, Case(), TODAY)
        assert [(reply.answer.status, reply.text) for reply in replies] == [("unavailable", OFF)]
        assert case.goal is None
    do(engine, "minh", switch_on, kind, target)
    assert snapshot(engine).version == version + 2
    for act in acts:
        replies, _ = library.assistant().press(act, Case(), TODAY)
        assert replies[0].answer.status != "unavailable"


def test_a_screening_leaves_it_out_with_a_word(engine: Engine) -> None:
    do(engine, "minh", switch_off, SwitchKind.PROGRAM, "loan", "Rà soát", OFF)
    replies, case = Library(engine).assistant().press({"act": "screen"}, Case(), TODAY)
    assert case.goal in (None, SCREENING)
    assert "loan" not in {result.program for reply in replies for result in reply.answer.results}
    assert any("Vay hộ nghèo" in reply.text for reply in replies)


def test_only_what_there_is_can_be_switched(engine: Engine) -> None:
    for target in ("nothing", ""):
        with pytest.raises(NotAllowedError, match="Không có gì"):
            do(engine, "minh", switch_off, SwitchKind.PROGRAM, target, "a", "b")
    with pytest.raises(NotAllowedError, match="đang bật"):
        do(engine, "minh", switch_on, SwitchKind.PROGRAM, "loan")


def test_a_draft_answers_before_it_is_published(engine: Engine) -> None:
    library = Library(engine)
    number = new_decree(engine)
    assert library.drafted(number).snapshot.faqs["loan_amount"].answer == "Tối đa 200 triệu đồng."
    assert library.drafted(number) is library.drafted(number)
    do(engine, "lan", changesets.drop, number, changesets.Kind.FAQ, "loan_amount")
    assert library.drafted(number).snapshot.faqs == library.assistant().snapshot.faqs
