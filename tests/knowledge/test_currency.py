"""Documents cited for a day: made by hand, and over everything that is published."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from bot.knowledge.answer import Reply
from bot.knowledge.case import SELF, Case
from bot.knowledge.currency import all_in_force, expired, in_force
from bot.knowledge.dialogue.policy import answer_faq, answer_program, holds_on
from bot.knowledge.dialogue.results import result
from bot.knowledge.domain import Aspect, Citation, LegalDocument, Program, State
from bot.knowledge.engine import judge
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import dated_citation_text
from tests.knowledge.rows import TODAY, program, provision, small_snapshot

OLD = LegalDocument("1/2020", "Cũ", effective_to=date(2024, 12, 31), replaced_by="2/2024")
MIDDLE = LegalDocument(
    "2/2024", "Giữa", effective_from=date(2025, 1, 1), effective_to=date(2026, 10, 4), replaced_by="3/2026"
)
NEW = LegalDocument("3/2026", "Mới", effective_from=date(2026, 10, 5))
ENDED = LegalDocument("4/2025", "Một đợt", effective_to=date(2025, 12, 31))
DOCUMENTS = {document.number: document for document in (OLD, MIDDLE, NEW, ENDED)}
ARTICLE = Citation("1/2020", "Điều 5")
START = date(2021, 1, 1)

NUMBER = re.compile(
    r"(?<![\w/])\d+/(?:\d{4}/)?(?:NĐ-CP|NQ-CP|NQ-[A-ZĐ]+|QĐ-[A-ZĐa-z]+|TT-[A-ZĐ]+|QH\d+|UBTVQH\d+|TTLT-[-A-ZĐ]+)"
)
DECREE = "335/2026/NĐ-CP"
AROUND_THE_DECREE = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 10, 4), date(2026, 10, 5), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2024, 12, 31), "1/2020"),
        (date(2025, 1, 1), "2/2024"),
        (date(2026, 10, 4), "2/2024"),
        (date(2026, 10, 5), "3/2026"),
    ],
)
def test_the_document_cited_is_the_one_in_force_that_day(day: date, number: str) -> None:
    assert in_force(ARTICLE, day, DOCUMENTS).document == number


def test_an_article_is_not_carried_over_into_the_successor() -> None:
    assert in_force(ARTICLE, date(2024, 12, 31), DOCUMENTS) is ARTICLE
    assert in_force(ARTICLE, date(2025, 1, 1), DOCUMENTS).article is None


def test_what_has_no_known_successor_stays_and_counts_as_expired() -> None:
    cited = Citation("4/2025")
    assert in_force(cited, TODAY, DOCUMENTS) is cited
    assert [expired(ENDED, day) for day in (date(2025, 12, 31), date(2026, 1, 1))] == [False, True]
    assert not expired(None, TODAY)
    assert in_force(Citation("77/NQ"), TODAY, DOCUMENTS) == Citation("77/NQ")


def test_a_successor_that_is_not_yet_in_force_does_not_take_the_place() -> None:
    late = {**DOCUMENTS, "2/2024": replace(MIDDLE, effective_from=date(2025, 3, 1))}
    assert in_force(ARTICLE, date(2025, 2, 28), late) is ARTICLE
    assert in_force(ARTICLE, date(2025, 3, 1), late).document == "2/2024"


def test_documents_that_name_each_other_come_to_an_end() -> None:
    ring = {
        "a": LegalDocument("a", "A", effective_to=date(2020, 1, 1), replaced_by="b"),
        "b": LegalDocument("b", "B", effective_to=date(2020, 1, 1), replaced_by="a"),
    }
    assert in_force(Citation("a"), TODAY, ring) == Citation("a")


def test_a_successor_cited_by_its_article_too_comes_once() -> None:
    own = Citation("3/2026", "Điều 4")
    assert all_in_force([Citation("2/2024", "Điều 1"), own, own], TODAY, DOCUMENTS, START) == (own,)
    both = [Citation("1/2020", "Điều 1"), Citation("2/2024", "Điều 2")]
    assert all_in_force(both, TODAY, DOCUMENTS, START) == (Citation("3/2026"),)
    assert all_in_force([], TODAY, DOCUMENTS, START) == ()


@pytest.mark.parametrize("since", [date(2025, 1, 1), None])
def test_a_row_about_the_past_keeps_the_document_of_the_past(since: date | None) -> None:
    """It began when the document had ended, or on no known day: "before 2025 it was ..."."""
    assert all_in_force([ARTICLE], TODAY, DOCUMENTS, since) == (ARTICLE,)
    assert all_in_force([ARTICLE], TODAY, DOCUMENTS, date(2024, 12, 31)) == (Citation("3/2026"),)


def test_an_expired_document_is_never_worded_as_current() -> None:
    snapshot = replace(small_snapshot(), documents=DOCUMENTS)
    words = [dated_citation_text(Citation(number, "Điều 5"), TODAY, snapshot) for number in DOCUMENTS]
    assert words == [
        "Điều 5, 1/2020 (đã hết hiệu lực sau ngày 31/12/2024, nay là 3/2026)",
        "Điều 5, 2/2024 (đã hết hiệu lực sau ngày 04/10/2026, nay là 3/2026)",
        "Điều 5, 3/2026",
        "Điều 5, 4/2025 (đã hết hiệu lực sau ngày 31/12/2025)",
    ]
    assert dated_citation_text(Citation("77/NQ"), TODAY, snapshot) == "77/NQ"


def test_an_faq_that_compares_with_the_past_says_what_has_expired() -> None:
    small = replace(small_snapshot(), documents=DOCUMENTS)
    about_the_past = replace(small.faqs["muc_huu_tri"], legal_basis=(ARTICLE,), applies_from=date(2025, 1, 1))
    reply = answer_faq(about_the_past, TODAY, TODAY, small)
    assert "Điều 5, 1/2020 (đã hết hiệu lực sau ngày 31/12/2024, nay là 3/2026)" in reply.text
    assert [c.document for c in reply.answer.citations] == ["1/2020"]
    carried_on = replace(about_the_past, applies_from=START)
    reply = answer_faq(carried_on, TODAY, TODAY, small)
    assert "1/2020" not in reply.text
    assert [c.document for c in reply.answer.citations] == ["3/2026"]


@pytest.mark.parametrize("aspect", [Aspect.DEFINITION, Aspect.LEGAL_BASIS])
def test_a_row_that_outlives_its_document_cites_what_replaced_it(aspect: Aspect) -> None:
    row = program(provision(applies_from=START, legal_basis=(ARTICLE, Citation("4/2025"))))
    snapshot = replace(small_snapshot(), documents=DOCUMENTS, programs={row.id: row})
    before = answer_program(row, aspect, date(2024, 12, 31), TODAY, snapshot)
    assert [c.document for c in before.answer.citations] == ["1/2020", "4/2025"]
    assert "Điều 5, 1/2020" in before.text
    assert "hết hiệu lực" not in before.text
    now = answer_program(row, aspect, TODAY, TODAY, snapshot)
    assert [(c.document, c.article) for c in now.answer.citations] == [("3/2026", None), ("4/2025", None)]
    assert "1/2020" not in now.text
    assert "4/2025 (đã hết hiệu lực sau ngày 31/12/2025)" in now.text


# What is published


def replies_of(published: Snapshot, day: date) -> Iterator[tuple[str, Reply]]:
    for row in published.programs.values():
        for aspect in Aspect:
            yield f"{row.id} {aspect} {day}", answer_program(row, aspect, day, max(day, TODAY), published)
        judged = judge(row, {}, SELF, day, published.facts, published.parameters)
        yield f"{row.id} checked {day}", result([judged], Case(), day, max(day, TODAY), published)
    for faq in published.faqs.values():
        if holds_on(faq, day, published):
            yield f"{faq.id} {day}", answer_faq(faq, day, max(day, TODAY), published)


@pytest.mark.parametrize("day", [TODAY, *AROUND_THE_DECREE, date(2025, 6, 30), date(2025, 8, 15), date(2031, 1, 1)])
def test_no_answer_cites_an_expired_document_as_current(published: Snapshot, day: date) -> None:
    cited = 0
    for name, reply in replies_of(published, day):
        for view in reply.answer.citations:
            cited += 1
            document = published.documents[view.document]
            if document.effective_to is None or day <= document.effective_to:
                continue
            assert f"{view.document} (đã hết hiệu lực" in reply.text, f"{name}: {view.document} as if in force"
            row = published.faqs.get(reply.answer.faq or "") or published.programs[reply.answer.program or ""].on(day)
            assert row
            carried_on = row.applies_from is not None and row.applies_from <= document.effective_to
            assert not (carried_on and document.replaced_by), f"{name}: {view.document} was replaced"
    assert cited > 500


def test_today_nothing_is_cited_that_is_not_yet_in_force(published: Snapshot) -> None:
    for name, reply in replies_of(published, TODAY):
        ahead = [
            c.document for c in reply.answer.citations if c.effective_from and TODAY.isoformat() < c.effective_from
        ]
        assert ahead == [], name


@pytest.mark.parametrize(
    ("name", "amounts"),
    [
        ("huu_tri_xa_hoi", ("500.000 đồng/tháng", "540.000 đồng/tháng")),
        ("tro_cap_khuyet_tat", ("750.000 đồng/tháng", "810.000 đồng/tháng")),
        ("ho_tro_cham_soc_khuyet_tat", ("500.000 đồng/người được chăm/tháng", "540.000 đồng/người được chăm/tháng")),
        ("tro_cap_nguoi_don_than", ("500.000 đồng/con/tháng", "540.000 đồng/con/tháng")),
    ],
)
@pytest.mark.parametrize("day", AROUND_THE_DECREE)
def test_the_amount_of_july_2026_rests_on_the_decree_of_october(
    published: Snapshot, name: str, amounts: tuple[str, str], day: date
) -> None:
    reply = answer_program(published.programs[name], Aspect.BENEFIT, day, max(day, TODAY), published)
    raised = date(2026, 7, 1) <= day
    assert any(benefit.endswith(amounts[raised]) for benefit in reply.answer.benefits)
    assert not any(benefit.endswith(amounts[not raised]) for benefit in reply.answer.benefits)
    cited = {citation.document for citation in reply.answer.citations}
    assert (DECREE in cited) is raised
    # The decrees that it replaced carry the conditions up to its own day and are not cited from then on.
    assert bool(cited & {"20/2021/NĐ-CP", "76/2024/NĐ-CP"}) is (day < date(2026, 10, 5) and name != "huu_tri_xa_hoi")


@pytest.mark.parametrize(("day", "wages"), [(date(2026, 6, 30), "73/2024/NĐ-CP"), (date(2026, 7, 1), "161/2026/NĐ-CP")])
def test_a_figure_worked_out_from_another_cites_where_that_stands(published: Snapshot, day: date, wages: str) -> None:
    reply = answer_program(published.programs["bhyt_ho_gia_dinh"], Aspect.BENEFIT, day, TODAY, published)
    cited = {citation.document for citation in reply.answer.citations}
    assert cited & {"73/2024/NĐ-CP", "161/2026/NĐ-CP"} == {wages}


def test_every_figure_of_an_answer_is_cited(published: Snapshot) -> None:
    for row in published.programs.values():
        current = row.on(TODAY)
        if current is None or current.state is not State.OPEN:
            continue
        criteria = (*current.common, *(c for group in current.groups for c in group.criteria))
        for aspect, parts in ((Aspect.BENEFIT, current.benefits), (Aspect.ELIGIBILITY, criteria)):
            values = [published.parameters[part.parameter].on(TODAY) for part in parts if part.parameter]
            figures = {value.legal_basis.document for value in values if value}
            answer = answer_program(row, aspect, TODAY, TODAY, published).answer
            assert figures <= {citation.document for citation in answer.citations}, f"{row.id} {aspect}"


def days_from(start: date, end: date) -> Iterator[date]:
    yield from (date.fromordinal(n) for n in range(start.toordinal(), end.toordinal() + 1))


def test_every_day_from_july_2026_has_the_new_amount_with_its_decree(published: Snapshot) -> None:
    pension: Program = published.programs["huu_tri_xa_hoi"]
    for day in days_from(date(2026, 7, 1), date(2027, 1, 1)):
        answer = answer_program(pension, Aspect.BENEFIT, day, max(day, TODAY), published).answer
        assert "Trợ cấp mỗi tháng: 540.000 đồng/tháng" in answer.benefits, day
        assert DECREE in {citation.document for citation in answer.citations}, day


def test_the_poverty_line_of_2027_is_cited_from_the_decree_that_sets_it(published: Snapshot) -> None:
    poor = published.programs["cong_nhan_ho_ngheo"]
    cited = [
        {c.document for c in answer_program(poor, Aspect.ELIGIBILITY, day, day, published).answer.citations}
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert "07/2021/NĐ-CP" in cited[0]
    assert "07/2021/NĐ-CP" not in cited[1]
    assert "351/2025/NĐ-CP" in cited[1]


# The table of documents

DATA = Path("data")
TABLE = [
    row
    for path in sorted(DATA.glob("policy/*/documents.yml"))
    for row in yaml.safe_load(path.read_text(encoding="utf-8"))["legal_documents"]
]


def test_every_document_stands_in_the_table_once() -> None:
    numbers = [row["number"] for row in TABLE]
    assert sorted(n for n in set(numbers) if numbers.count(n) > 1) == []
    mentioned = {
        number for path in DATA.glob("**/*.yml") for number in NUMBER.findall(path.read_text(encoding="utf-8"))
    }
    assert len(mentioned) > 90
    assert mentioned - set(numbers) == set()


def test_the_days_of_a_document_are_in_order_and_its_successor_exists() -> None:
    by_number = {row["number"]: row for row in TABLE}
    for row in TABLE:
        days = [row[key] for key in ("issued", "effective_from", "effective_to") if key in row]
        assert days == sorted(days), row["number"]
        assert all(row.get(key) for key in ("title", "issuer")), row["number"]
        successor = by_number.get(row.get("replaced_by"))
        assert (successor is None) is ("replaced_by" not in row), row["number"]
        # A successor may overlap (the poverty line of 2015 was kept for 2021), but leaves no day without a rule.
        if successor and "effective_to" in row and "effective_from" in successor:
            assert successor["effective_from"] <= row["effective_to"] + timedelta(days=1), row["number"]
