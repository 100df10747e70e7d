"""The take-away of an answer: what was said, and what the rows of its day add."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.knowledge.answer import Answer, CitationView, CriterionView, Reply, ResultView
from bot.knowledge.checklist import Checklist, StepView, checklist, has_checklist
from bot.knowledge.domain import Evidence, RequiredDocument, State, Step, Verdict
from bot.knowledge.snapshot import Snapshot
from tests.knowledge.rows import TODAY, criterion, group, program, provision

AGE = CriterionView("Từ đủ 75 tuổi", "eligible", "76 tuổi", "Điều 2, 1/2025/NĐ-CP")
NO_PENSION = CriterionView("Không có lương hưu", "eligible", "0 đồng", "Điều 2, 1/2025/NĐ-CP")
STEP = StepView("Nộp hồ sơ", where="UBND cấp xã", time_limit="10 ngày làm việc")


def stored(**fields: Any) -> dict[str, Any]:
    """An answer as the gateway stores it."""
    given: dict[str, Any] = {"status": "answered", "source": "policy", "as_of": TODAY, "program": "huu_tri", **fields}
    answer: dict[str, Any] = Reply("…", Answer(**given)).to_json()["answer"]
    return answer


def verdict(value: str, **fields: Any) -> dict[str, Any]:
    return stored(
        **{"source": "eligibility", "verdict": value, "member": "mother", "criteria": (AGE, NO_PENSION), **fields}
    )


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, True),
        ({"source": "faq"}, True),
        ({"source": "faq", "program": None}, False),
        ({"source": "eligibility", "verdict": "unknown"}, True),
        ({"source": "eligibility", "program": None, "results": (ResultView("huu_tri", None, "eligible"),)}, True),
        ({"source": "eligibility"}, False),
        ({"source": "eligibility", "status": "asked_back", "verdict": "unknown"}, False),
        ({"status": "not_covered"}, False),
        ({"source": "system", "program": None}, False),
        ({"source": "smalltalk", "program": None}, False),
    ],
)
def test_only_what_is_worth_keeping_has_one(fields: dict[str, Any], wanted: bool) -> None:
    assert has_checklist(stored(**fields)) is wanted


class TestPolicy:
    def test_adds_what_the_answer_left_out_from_the_rows(self, small: Snapshot) -> None:
        sheet = checklist(stored(aspect="documents", documents=("Văn bản đề nghị (Mẫu số 01)",)), small).sheets[0]
        assert sheet.name == "Trợ cấp hưu trí xã hội hằng tháng"
        assert sheet.verdict is None
        assert sheet.benefits == ("Trợ cấp hằng tháng: 540.000 đồng/người/tháng", "Thẻ bảo hiểm y tế: miễn phí")
        assert sheet.documents == ("Văn bản đề nghị (Mẫu số 01)",)
        assert sheet.steps == (STEP,)

    def test_leaves_the_criteria_to_the_reader(self, small: Snapshot) -> None:
        sheet = checklist(stored(), small).sheets[0]
        assert [(view.label, view.verdict, view.value) for view in sheet.criteria] == [("Không có lương hưu", "", None)]
        assert sheet.alternatives == ("nhóm 75", "nhóm 70")

    def test_reads_the_rows_of_the_answers_day(self, small: Snapshot) -> None:
        sheet = checklist(stored(as_of=date(2025, 1, 1)), small).sheets[0]
        assert sheet.benefits == ("Trợ cấp: 360.000 đồng/tháng",)
        assert [view.label for view in sheet.criteria] == ["Từ đủ 80 tuổi"]

    def test_keeps_what_was_said_when_the_rows_have_changed(self, small: Snapshot) -> None:
        said = stored(benefits=("Trợ cấp: 500.000 đồng/tháng",), steps=("Nộp ở thôn.",), documents=("Đơn",))
        sheet = checklist(said, small).sheets[0]
        assert sheet.benefits == ("Trợ cấp: 500.000 đồng/tháng",)
        assert sheet.documents == ("Đơn",)
        assert sheet.steps == (StepView("Nộp ở thôn."),)

    def test_stands_when_the_program_was_taken_back(self, small: Snapshot) -> None:
        said = verdict("eligible", program="da_xoa", benefits=("Trợ cấp",), steps=("Nộp ở xã.",), office="UBND xã")
        sheet = checklist(said, small).sheets[0]
        assert (sheet.name, sheet.benefits, sheet.where) == (None, ("Trợ cấp",), "UBND xã")
        assert sheet.criteria == (AGE, NO_PENSION)

    @pytest.mark.parametrize(
        ("state", "said"), [(State.CLOSED, "không còn áp dụng"), (State.PENDING, "chưa có quy định")]
    )
    def test_says_so_of_a_program_that_is_not_open(self, small: Snapshot, state: State, said: str) -> None:
        rows = provision(state=state, note="Chờ tỉnh.", documents=(RequiredDocument("Đơn"),))
        snapshot = replace(small, programs={"p": program(rows, id="p")})
        sheet = checklist(verdict("not_eligible", program="p", criteria=()), snapshot).sheets[0]
        assert sheet.note is not None
        assert said in sheet.note
        assert sheet.note.endswith("Chờ tỉnh.")
        assert (sheet.verdict, sheet.documents) == (None, ())


class TestVerdict:
    def test_shows_what_was_judged_then(self, small: Snapshot) -> None:
        sheet = checklist(
            verdict("eligible", benefits=("Trợ cấp hằng tháng: 540.000 đồng/người/tháng",)), small
        ).sheets[0]
        assert (sheet.member, sheet.verdict) == ("mẹ", "eligible")
        assert sheet.criteria == (AGE, NO_PENSION)
        assert sheet.alternatives == ()
        assert sheet.benefits == ("Trợ cấp hằng tháng: 540.000 đồng/người/tháng",)
        assert sheet.steps == (STEP,)

    def test_brings_nothing_where_it_failed(self, small: Snapshot) -> None:
        sheet = checklist(verdict("not_eligible", benefits=("Trợ cấp",)), small).sheets[0]
        assert (sheet.benefits, sheet.documents, sheet.steps) == ((), (), ())

    def test_names_the_others_who_were_judged(self, small: Snapshot) -> None:
        results = (ResultView("huu_tri", "mother", "eligible"), ResultView("huu_tri", "self", "not_eligible"))
        assert checklist(verdict("eligible", results=results), small).others == (("mình", "chưa đủ điều kiện"),)


class TestScreening:
    def screening(self, small: Snapshot, *results: ResultView) -> Checklist:
        return checklist(stored(source="eligibility", program=None, results=results), small)

    def test_parts_programs_by_verdict(self, small: Snapshot) -> None:
        sheet = self.screening(
            small,
            ResultView("huu_tri", "mother", "eligible", (NO_PENSION, AGE)),
            ResultView("bhyt", "self", "unknown", (CriterionView("Là hộ cận nghèo", "unknown", None, "Điều 2"),)),
            ResultView("huu_tri", "self", "not_eligible"),
            ResultView("xoa_nha", None, "not_eligible"),
        )
        assert sheet.screening
        eligible = sheet.by_verdict[Verdict.ELIGIBLE]
        assert [(s.name, s.member, s.where) for s in eligible] == [
            ("Trợ cấp hưu trí xã hội hằng tháng", "mẹ", "UBND cấp xã")
        ]
        assert [s.name for s in sheet.by_verdict[Verdict.UNKNOWN]] == ["Bảo hiểm y tế hộ cận nghèo"]
        # What had ended by then is no news to take away.
        assert [s.name for s in sheet.by_verdict[Verdict.NOT_ELIGIBLE]] == ["Hưu trí xã hội"]

    def test_brings_only_what_goes_with_the_alternative_that_held(self, small: Snapshot) -> None:
        pension = small.programs["huu_tri"]
        rows = pension.provisions[1]
        first, second = rows.benefits
        rows = replace(rows, benefits=(replace(first, groups=("75",)), replace(second, groups=("70",))))
        snapshot = replace(small, programs={"huu_tri": replace(pension, provisions=(rows,))})
        sheet = self.screening(snapshot, ResultView("huu_tri", "mother", "eligible", (NO_PENSION, AGE)))
        assert sheet.sheets[0].benefits == ("Trợ cấp hằng tháng: 540.000 đồng/người/tháng",)

    def test_with_nothing_published_any_more_is_still_a_page(self, small: Snapshot) -> None:
        sheet = self.screening(replace(small, programs={}), ResultView("huu_tri", None, "eligible"))
        assert sheet.by_verdict[Verdict.ELIGIBLE] == ()


class TestUnverified:
    def test_is_what_the_answer_said(self, small: Snapshot) -> None:
        note = checklist(stored(verified=False, office="UBND xã"), small).unverified
        assert note is not None
        assert "UBND xã" in note
        assert checklist(stored(), small).unverified is None

    def test_is_what_a_row_that_the_page_adds_rests_on(self, small: Snapshot) -> None:
        rows = provision(groups=[group("a", criterion("island"))], steps=(Step("Nộp", evidence=Evidence.MEMORY),))
        snapshot = replace(small, programs={"p": program(rows, id="p")})
        assert checklist(stored(program="p", office="UBND xã"), snapshot).unverified is not None


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://congbao.chinhphu.vn/a", "https://congbao.chinhphu.vn/a"), ("javascript:alert(1)", None), (None, None)],
)
def test_only_addresses_of_the_web_become_links(small: Snapshot, url: str | None, shown: str | None) -> None:
    law = CitationView("1/2025/NĐ-CP", "Điều 2", "2025-08-15", None, url)
    view = checklist(stored(citations=(law,)), small).laws[0]
    assert (view.place, view.effective_from, view.url) == ("Điều 2, 1/2025/NĐ-CP", "15/08/2025", shown)
