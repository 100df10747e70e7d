"""The report as Word and Excel read it back."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from bot.conversation.figures.figures import Figures, Part, Totals
from bot.conversation.figures.periods import Period
from bot.conversation.figures.unanswered import Unanswered
from bot.conversation.report.charts import draw
from bot.conversation.report.content import Content, content
from bot.conversation.report.document import document
from bot.conversation.report.form import Form
from bot.conversation.report.words import DECISIONS, Names, change, long_day, period
from bot.conversation.report.workbook import workbook
from bot.conversation.review.decisions import Kind
from bot.conversation.review.sample import wilson
from bot.settings import Settings

DAY = dt.date(2026, 11, 5)
AT = dt.datetime(2026, 11, 5, 1, tzinfo=dt.UTC)
NAMES = Names(
    {"housing_support": "Hỗ trợ nhà ở", "disability": "Người khuyết tật"},
    {"bhyt": "Bảo hiểm y tế hộ cận nghèo", "nang": "Trợ cấp khuyết tật nặng"},
    {"20551": "Xã Trà Bồng"},
)
FORM = Form(
    kind="state",
    superior="Ủy ban nhân dân tỉnh Quảng Ngãi",
    agency="Sở Nội vụ",
    symbol="BC-SNV",
    place="Quảng Ngãi",
    signer="Giám đốc",
    recipients=("Thường trực Tỉnh ủy", "Ủy ban nhân dân tỉnh"),
)


def totals(which: Period, questions: int, **fields: Any) -> Totals:
    days = [which.first + dt.timedelta(days=number) for number in range(which.days)]
    told = Totals(
        period=which,
        questions=questions,
        answered=Part(questions // 2, questions),
        asked_back=Part(3, questions),
        not_covered=Part(0, 0),
        handed_over=4,
        up=5,
        down=1,
        p50_ms=48,
        p95_ms=1520,
        correctness=wilson(0, 0),
        by_day={day: number for number, day in enumerate(days)},
        by_status=Counter(answered=questions - 10, not_covered=10),
        by_topic=Counter(housing_support=questions - 4, disability=1, clean_water=3),
        by_program=Counter(bhyt=7, nang=1, nha=2),
        by_channel=Counter(web=questions),
        by_commune=Counter({"20551": 9, "99999": 2, "99998": 3}),
        by_decision=Counter(leads_to=questions // 200, right=1) if questions > 1100 else Counter(),
    )
    return replace(told, **fields)


def told(which: Period, **fields: Any) -> Content:
    asked = [Unanswered('=HYPERLINK("x")', "housing_support", 3), Unanswered("Xin đất rừng?", "", 2)]
    figures = Figures(totals(which, 1234), totals(which.before, 1000), asked, **fields)
    return content(figures, NAMES, least=5)


MONTH_OF = Period.parse("month", "2026-10")
MONTH = told(MONTH_OF)


def read(made: bytes) -> tuple[Any, str]:
    paper = Document(io.BytesIO(made))
    texts = [node.text or "" for node in paper.element.body.iter(qn("w:t"))]
    return paper, "\n".join(texts)


def rows_of(paper: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]


def test_the_form_of_the_state() -> None:
    paper, text = read(document(MONTH, FORM, DAY, AT))
    order = [
        "ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI",
        "SỞ NỘI VỤ",
        "Số:       /BC-SNV",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Quảng Ngãi, ngày 05 tháng 11 năm 2026",
        "BÁO CÁO",
        "Kết quả hoạt động của trợ lý an sinh xã hội tháng 10 năm 2026",
        "I. TÌNH HÌNH CHUNG",
        "V. ĐÁNH GIÁ, KIẾN NGHỊ",
        "Nơi nhận:",
        "- Thường trực Tỉnh ủy;",
        "- Lưu: VT.",
        "GIÁM ĐỐC",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "ĐẢNG CỘNG SẢN" not in text
    section = paper.sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [20, 20, 30, 15]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (paper.styles["Normal"].font.name, paper.styles["Normal"].font.size.pt) == ("Times New Roman", 14)
    assert "PAGE" in section.header._element.xml
    assert section.different_first_page_header_footer


def test_the_form_of_the_party() -> None:
    form = Form(kind="party", superior="Tỉnh ủy Quảng Ngãi", agency="Ban Tuyên giáo và Dân vận", symbol="BC/BTGDVTU")
    _, text = read(document(MONTH, form, DAY, AT))
    order = ["TỈNH ỦY QUẢNG NGÃI", "BAN TUYÊN GIÁO VÀ DÂN VẬN", "*", "Số       -BC/BTGDVTU", "ĐẢNG CỘNG SẢN VIỆT NAM"]
    places = [
        text.index(words) for words in [*order, "BÁO CÁO", "kết quả hoạt động", "I- TÌNH HÌNH CHUNG", "Nơi nhận:"]
    ]
    assert places == sorted(places)
    assert "CỘNG HÒA" not in text


def test_what_the_office_has_not_set_stays_a_blank() -> None:
    _, text = read(document(MONTH, Form(kind="party"), DAY, AT))
    assert text.count("…………………") >= 4


def test_the_document_says_what_the_figures_are() -> None:
    paper, text = read(document(MONTH, FORM, DAY, AT))
    assert "đã hỏi 1.234 câu, tăng 234 (23,4%) so với kỳ trước" in text
    assert "Xã Trà Bồng" in text
    assert "99999" not in text
    assert "chưa có mẫu câu trả lời nào được cán bộ rà soát" in text
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    main = next(rows for rows in tables if rows[0][0] == "Chỉ tiêu")
    assert ["Tỷ lệ trả lời được", "50,0%", "50,0%"] in main
    assert ["95% số lượt được trả lời trong", "1,52 giây", "1,52 giây"] in main
    assert ["Tỷ lệ chưa có dữ liệu để trả lời", "–", "–"] in main
    topics = next(rows for rows in tables if rows[0][0] == "Lĩnh vực")
    assert topics[1] == ["Hỗ trợ nhà ở", "1.230", "99,7%", "996"]


def test_each_chart_says_what_it_shows() -> None:
    paper, _ = read(document(MONTH, FORM, DAY, AT))
    said = [node.get("descr") for node in paper.element.body.iter(qn("wp:docPr"))]
    assert len(said) == 2
    assert said[0].startswith("Biểu đồ đường: Số câu hỏi từng ngày. Nhiều nhất: 31/10 (30).")


def test_a_year_is_told_by_months() -> None:
    _, text = read(document(told(Period.parse("year", "2026")), FORM, DAY, AT))
    assert "Số câu hỏi từng tháng" in text
    assert "12/2026" in text


def test_a_reviewed_sample_is_told_with_its_interval() -> None:
    now, last = Period.parse("quarter", "2026-Q4"), Period.parse("quarter", "2026-Q3")
    judged = totals(now, 1234, correctness=wilson(90, 100)), totals(last, 1000, correctness=wilson(40, 50))
    paper, text = read(document(content(Figures(*judged), NAMES, least=5), FORM, DAY, AT))
    assert "90 câu đúng (90,0%; khoảng tin cậy 95%: từ 82,6% đến 94,5%). Kỳ trước: 40/50 câu đúng (80,0%)." in text
    assert ["Tỷ lệ trả lời đúng (mẫu cán bộ rà soát)", "90,0%", "80,0%"] in rows_of(paper)


def test_no_topic_nor_program_of_few_questions_is_told() -> None:
    paper, text = read(document(MONTH, FORM, DAY, AT))
    assert "khuyết tật" not in text
    assert text.count("Không nêu số dưới 5 câu để không lộ người hỏi.") == 3
    assert ["Bảo hiểm y tế hộ cận nghèo", "7", "70,0%", "7"] in rows_of(paper)


def test_what_was_asked_in_one_of_the_periods_alone_is_told_without_small_counts() -> None:
    now = totals(MONTH_OF, 1234, by_topic=Counter(housing_support=9))
    last = totals(MONTH_OF.before, 1000, by_topic=Counter(credit=8, housing_support=2, disability=1))
    paper, _ = read(document(content(Figures(now, last), NAMES, least=5), FORM, DAY, AT))
    topics = [row for row in rows_of(paper) if row[0] in {"Hỗ trợ nhà ở", "credit", "Người khuyết tật"}]
    assert topics == [["Hỗ trợ nhà ở", "9", "100,0%", "–"], ["credit", "0", "0,0%", "8"]]


def test_small_counts_that_are_not_published_are_not_said_to_be_none() -> None:
    few = totals(MONTH_OF, 1234, by_commune=Counter({"20551": 8, "99999": 1}), by_topic=Counter(disability=1))
    said = content(Figures(few, few), NAMES, least=5)
    _, text = read(document(said, FORM, DAY, AT))
    assert "Xã Trà Bồng" not in text
    assert "Không có số liệu" not in text
    assert text.count("Có câu hỏi trong kỳ, nhưng không công bố vì có số dưới 5 câu.") == 2
    sheet = load_workbook(io.BytesIO(workbook(said, AT)))["Xã, phường"]
    assert str(sheet["A4"].value).startswith("Có câu hỏi trong kỳ")
    none = totals(MONTH_OF, 1234, by_commune=Counter())
    _, text = read(document(content(Figures(none, none), NAMES, least=5), FORM, DAY, AT))
    assert "Không có số liệu trong kỳ." in text


def test_questions_say_what_is_masked_and_from_which_day_on_they_are_kept() -> None:
    _, text = read(document(told(Period.parse("year", "2026"), words_since=dt.date(2026, 11, 2)), FORM, DAY, AT))
    assert "Câu hỏi (đã che số giấy tờ, số điện thoại)" in text
    assert "Chỉ gồm câu từ 02/11/2026 (lời trước đó đã xóa theo thời hạn lưu)." in text
    assert "theo thời hạn lưu" not in read(document(MONTH, FORM, DAY, AT))[1]


def test_the_symbol_of_one_form_is_not_printed_in_the_other() -> None:
    given = Settings(report_form="party", report_symbol="BC/BTGDVTU")
    assert [Form.of(given, kind).number for kind in (None, "party", "state")] == [
        "Số       -BC/BTGDVTU",
        "Số       -BC/BTGDVTU",
        "Số:       /BC-…",
    ]


def test_what_reviewers_decided_is_told() -> None:
    paper, _ = read(document(MONTH, FORM, DAY, AT))
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    assert next(rows for rows in tables if rows[0][0] == "Kết luận")[1:] == [
        ["Trợ lý hiểu sai: đã dạy lại", "6", "0"],
        ["Trả lời như vậy là đúng", "1", "0"],
    ]
    nothing = Figures(totals(Period.parse("month", "2026-10"), 5), totals(Period.parse("month", "2026-09"), 5))
    _, text = read(document(content(nothing, NAMES, least=5), FORM, DAY, AT))
    assert "cán bộ chưa xem lại câu trả lời nào" in text


def test_every_decision_has_its_words() -> None:
    assert DECISIONS.keys() == set(Kind)


def test_the_workbook_has_a_sheet_for_each_table_with_real_numbers() -> None:
    book = load_workbook(io.BytesIO(workbook(MONTH, AT)))
    assert book.sheetnames == [table.sheet for table in MONTH.tables]
    topics = book["Lĩnh vực"]
    assert [cell.value for cell in topics[4]] == ["Hỗ trợ nhà ở", 1230, 1230 / 1234, 996]
    assert [cell.number_format for cell in topics[4]] == ["@", "#,##0", "0.0%", "#,##0"]
    assert len(topics._charts) == 1
    assert [cell.value for cell in book["Chỉ tiêu"][6]] == ["Tỷ lệ trả lời được", 0.5, 0.5]


def test_a_question_never_becomes_a_formula() -> None:
    book = load_workbook(io.BytesIO(workbook(MONTH, AT)))
    cell = book["Chưa trả lời được"]["A4"]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def test_the_same_figures_draw_the_same_picture() -> None:
    table = next(table for table in MONTH.tables if table.chart)
    assert draw(table) == draw(table)
    assert draw(table).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(3, 3, "không đổi"), (5, 4, "tăng 1 (25,0%)"), (1, 4, "giảm 3 (75,0%)"), (2, 0, "tăng 2")],
)
def test_changes_are_told_in_words(now: int, before: int, said: str) -> None:
    assert change(now, before) == said


def test_days_and_periods_are_told_as_in_documents() -> None:
    assert long_day(dt.date(2026, 2, 9)) == "ngày 09 tháng 02 năm 2026"
    assert long_day(dt.date(2026, 3, 10)) == "ngày 10 tháng 3 năm 2026"
    assert period(Period.parse("quarter", "2026-Q4")) == "quý IV năm 2026"
    assert period(Period.parse("week", "2026-10-07")) == "tuần từ 05/10/2026 đến 11/10/2026"
