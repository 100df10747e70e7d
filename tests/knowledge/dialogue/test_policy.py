import re
from datetime import date

import pytest

from bot.knowledge.answer import Reply
from bot.knowledge.case import SCREENING, SELF, Case
from bot.knowledge.dialogue import check
from bot.knowledge.dialogue.policy import answer_faq, answer_program, holds_on, not_covered
from bot.knowledge.domain import Aspect, Provision, State
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import TODAY

STATUSES = {"answered", "asked_back", "not_covered"}
PLACEHOLDER = re.compile(r"\{\w*\}|\bNone\b|\bDecimal\b")


def assert_well_formed(reply: Reply, name: str) -> None:
    answer = reply.answer
    assert answer.status in STATUSES, name
    assert reply.text.strip(), name
    assert not PLACEHOLDER.search(reply.text), f"{name}: {reply.text}"
    assert reply.to_json()["answer"]["as_of"] == answer.as_of.isoformat()
    if answer.status == "answered":
        assert answer.citations, f"{name}: no citation"
        assert all(c.document in reply.text for c in answer.citations), f"{name}: citation not in words"
    if answer.status == "not_covered":
        assert answer.office, f"{name}: nobody to ask"
        assert answer.source == "faq" or answer.office in reply.text, name
    if not answer.verified:
        assert "chưa được cán bộ xác nhận" in reply.text, name


def days_of(provision: Provision) -> list[date]:
    return [provision.applies_from, *([provision.applies_to] if provision.applies_to else [])]


@pytest.mark.parametrize("aspect", [*Aspect])
def test_every_published_program_answers_each_aspect_on_the_first_and_last_day_of_each_provision(
    published: Snapshot, aspect: Aspect
) -> None:
    for program in published.programs.values():
        days = {TODAY, *(day for provision in program.provisions for day in days_of(provision))}
        for day in days:
            reply = answer_program(program, aspect, day, TODAY, published)
            assert_well_formed(reply, f"{program.id} {aspect} {day}")
            assert (reply.answer.program, reply.answer.topic) == (program.id, program.topic)


def test_every_published_faq_answers_today_and_cites_what_it_claims(published: Snapshot) -> None:
    today = [faq for faq in published.faqs.values() if holds_on(faq, TODAY, published)]
    assert today
    for faq in today:
        reply = answer_faq(faq, TODAY, TODAY, published)
        assert_well_formed(reply, faq.id)
        # An answer that rests on no document, such as "no decision was found", does not count as one.
        assert reply.answer.status == ("answered" if faq.legal_basis else "not_covered")


def test_every_published_topic_without_a_row_names_an_office(published: Snapshot) -> None:
    for topic in published.topics:
        assert_well_formed(not_covered(topic, Aspect.OTHER, TODAY, published), topic)


def test_every_published_program_can_be_checked_to_the_end_by_somebody_who_knows_nothing(published: Snapshot) -> None:
    for program in published.programs.values():
        case = check.start(Case(), program.id, (SELF,), published)
        for _ in range(60):
            reply, case = check.advance(case, TODAY, published)
            assert_well_formed(reply, program.id)
            if case.pending is None:
                break
            case = case.decline(case.pending)
        assert case.goal is None, f"{program.id}: never ends"
        assert reply.answer.verdict in ("unknown", "not_eligible"), program.id


def test_a_screening_of_everything_ends_with_a_result_for_every_screened_program(published: Snapshot) -> None:
    case = check.start(Case(), SCREENING, ("mother",), published)
    for _ in range(200):
        reply, case = check.advance(case, TODAY, published)
        if case.pending is None:
            break
        case = case.decline(case.pending)
    screened = {program.id for program in published.programs.values() if program.screened}
    assert {result.program for result in reply.answer.results} == screened


# The small snapshot


def test_an_answer_about_another_day_says_so(small: Snapshot) -> None:
    past = answer_program(small.programs["huu_tri"], Aspect.BENEFIT, date(2025, 6, 30), TODAY, small)
    assert "áp dụng vào ngày 30/06/2025" in past.text
    assert [c.document for c in past.answer.citations] == ["9/2021/NĐ-CP"]
    now = answer_program(small.programs["huu_tri"], Aspect.BENEFIT, TODAY, TODAY, small)
    assert "Tính đến ngày 25/11/2026" in now.text


def test_a_figure_follows_its_parameter_within_one_provision(small: Snapshot) -> None:
    program = small.programs["huu_tri"]
    before = answer_program(program, Aspect.BENEFIT, date(2026, 6, 30), TODAY, small)
    after = answer_program(program, Aspect.BENEFIT, date(2026, 7, 1), TODAY, small)
    assert before.answer.benefits[0] == "Trợ cấp hằng tháng: 500.000 đồng/người/tháng"
    assert after.answer.benefits[0] == "Trợ cấp hằng tháng: 540.000 đồng/người/tháng"


def test_what_is_missing_is_said_with_the_office_and_its_telephone(small: Snapshot) -> None:
    reply = answer_program(small.programs["bhyt"], Aspect.PROCEDURE, TODAY, TODAY, small)
    assert reply.answer.status == "not_covered"
    assert "0255 3822 123" in reply.text
    assert reply.answer.citations == ()


def test_the_legal_basis_names_the_document_its_title_and_days(small: Snapshot) -> None:
    reply = answer_program(small.programs["huu_tri"], Aspect.LEGAL_BASIS, TODAY, TODAY, small)
    assert "Nghị định mới" in reply.text
    assert "Áp dụng từ ngày 01/07/2025" in reply.text


@pytest.mark.parametrize("aspect", [*Aspect])
def test_a_closed_program_says_for_each_aspect_that_it_has_ended(small: Snapshot, aspect: Aspect) -> None:
    program = small.programs["xoa_nha"]
    assert (provision := program.on(TODAY))
    assert provision.state is State.CLOSED
    assert "không còn áp dụng" in answer_program(program, aspect, TODAY, TODAY, small).text
