"""What an edited workbook would change, and how its errors are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from bot.knowledge.editing.units import Kind
from bot.knowledge.sheets.plan import Plan, RowChange
from bot.knowledge.sheets.problems import Problem
from bot.knowledge.sheets.stored import Stored
from bot.knowledge.sheets.writing import workbook
from tests.knowledge.sheets.books import cell, column, edited, plan_of, row_with, saved

FAQ_ID = "Mã (để trống khi thêm mới)"
PHRASINGS = "Cách hỏi khác (mỗi dòng một, ít nhất ba)"
REMOVE, VERSION = "Bỏ (ghi x)", "Phiên bản (không sửa)"


def changed(stored: Stored, edit: Callable[[Workbook], Any], *kinds: Kind) -> Plan:
    return plan_of(stored, edited(stored, edit, *kinds))


def only(plan: Plan) -> RowChange:
    assert plan.problems == []
    (row,) = plan.rows
    return row


def problem(plan: Plan) -> Problem:
    (found,) = plan.problems
    return found


def put(sheet: str, title: str, value: Any, row: int = 2) -> Callable[[Workbook], None]:
    def edit(book: Workbook) -> None:
        cell(book, sheet, title, row).value = value

    return edit


def faq(stored: Stored) -> dict[str, Any]:
    """The first entry of the sheet."""
    content = stored.content(Kind.FAQ, min(key for kind, key in stored.rows if kind is Kind.FAQ))
    assert content is not None
    return content


def test_an_answer_is_told_before_and_after_and_nothing_else_changes(world: Stored) -> None:
    before = faq(world)
    plan = changed(world, put("FAQ", "Câu trả lời", "Câu mới."))
    row = only(plan)
    assert (row.place, row.what, row.key) == ("FAQ!A2", "changed", before["id"])
    assert [(each.title, each.before, each.after) for each in row.fields] == [
        ("Câu trả lời", before["answer"], "Câu mới.")
    ]
    assert plan.changes == {(Kind.FAQ, before["id"]): {**before, "answer": "Câu mới."}}
    assert plan.unchanged == len(world.rows) - 1


@pytest.mark.parametrize(
    ("given", "read"),
    [(2530000, "2530000"), ("2.530.000", "2530000"), ("2.530.000,5", "2530000.5"), (4.5, "4.5"), ("4,5", "4.5")],
)
def test_numbers_are_read_as_vietnamese_write_them(world: Stored, given: Any, read: str) -> None:
    plan = changed(world, put("Giá trị", "Giá trị", given), Kind.PARAMETER_VALUE)
    assert plan.changes[Kind.PARAMETER_VALUE, only(plan).key]["amount"] == read  # type: ignore[index]


@pytest.mark.parametrize("given", ["31/12/2027", "2027-12-31", dt.date(2027, 12, 31), "31.12.2027"])
def test_days_are_read_in_any_usual_form(world: Stored, given: Any) -> None:
    plan = changed(world, put("Giá trị", "Đến hết ngày", given, 3), Kind.PARAMETER_VALUE)
    assert plan.changes[Kind.PARAMETER_VALUE, "luong/2024-07-01"]["applies_to"] == "2027-12-31"  # type: ignore[index]


@pytest.mark.parametrize(
    ("sheet", "title", "given", "wrong"),
    [
        ("FAQ", "Hỏi về", "lung tung", "Không có trong danh sách"),
        ("FAQ", "Áp dụng từ", "31/02/2027", "Không phải một ngày"),
        ("Giá trị", "Giá trị", "2,5 triệu", "Cần một con số"),
        ("FAQ", "Câu trả lời", "=1+1", "chứa công thức"),
        ("FAQ", "Câu trả lời", "@SUM(A1)", "bắt đầu như một công thức"),
        ("FAQ", "Câu trả lời", "+HYPERLINK(1)", "bắt đầu như một công thức"),
        ("Văn bản", "Số hiệu", dt.date(2025, 5, 10), "tự đổi nội dung ô này thành ngày"),
        ("Thông tin", "Nhạy cảm", "chắc là", "chỉ ghi “có” hoặc “không”"),
        ("FAQ", REMOVE, "xoá", "chỉ ghi x"),
        ("FAQ", "Câu trả lời", None, "còn trống"),
        ("FAQ", PHRASINGS, "một\nhai", "Chưa đủ"),
        ("Chương trình", "Xét cho", None, "còn trống"),
    ],
)
def test_an_error_names_sheet_cell_value_and_mend(
    world: Stored, sheet: str, title: str, given: Any, wrong: str
) -> None:
    places: list[str] = []

    def edit(book: Workbook) -> None:
        cell(book, sheet, title, 2).value = given
        places.append(f"{sheet}!{cell(book, sheet, title, 2).coordinate}")

    found = problem(changed(world, edit))
    assert found.place == places[0]
    assert wrong in found.wrong
    assert found.mend
    if given is not None and not isinstance(given, dt.date):
        assert found.given == " ".join(str(given).split())


def test_an_error_of_a_criterion_is_at_its_own_row(world: Stored) -> None:
    def edit(book: Workbook) -> None:
        cell(book, "Điều kiện", "So sánh", 3).value = "là một trong"
        cell(book, "Điều kiện", "Nội dung", 3).value = None

    plan = changed(world, edit)
    assert [each.place.rstrip("0123456789") for each in plan.problems] == ["Điều kiện!E"]
    assert plan.problems[0].place == "Điều kiện!E3"


def test_a_group_without_a_name_is_told_at_its_first_row(world: Stored) -> None:
    rows: list[int] = []

    def edit(book: Workbook) -> None:
        rows[:] = [
            number
            for number in range(2, book["Điều kiện"].max_row + 1)
            if cell(book, "Điều kiện", "Tên nhóm", number).value
        ]
        for number in rows:
            cell(book, "Điều kiện", "Tên nhóm", number).value = None

    plan = changed(world, edit)
    assert plan.problems[0].place == f"Điều kiện!D{rows[0]}"


def test_nothing_is_removed_but_what_is_marked(world: Stored) -> None:
    key = faq(world)["id"]
    assert only(changed(world, put("FAQ", REMOVE, "x"))).what == "removed"
    plan = changed(world, put("FAQ", REMOVE, "x"))
    assert plan.changes == {(Kind.FAQ, key): None}
    gone = changed(world, lambda book: book["FAQ"].delete_rows(2))
    assert (gone.rows, gone.problems, gone.unchanged) == ([], [], len(world.rows) - 1)


def test_a_sheet_or_column_that_is_missing_leaves_its_fields_alone(world: Stored) -> None:
    def edit(book: Workbook) -> None:
        del book["Điều kiện"]
        book["FAQ"].delete_cols(column(book, "FAQ", PHRASINGS))
        cell(book, "FAQ", "Câu trả lời", 2).value = "Câu mới."
        cell(book, "Quy định", "Nói với người dân khi hết hạn hoặc chưa công bố", 2).value = "Xin hỏi xã."

    plan = changed(world, edit)
    assert plan.problems == []
    for (kind, key), content in plan.changes.items():
        before = world.content(kind, key)
        assert content is not None
        assert before is not None
        assert {name for name in {*before, *content} if before.get(name) != content.get(name)} <= {"answer", "note"}


def test_a_criterion_that_is_taken_out_is_told(world: Stored) -> None:
    plan = changed(world, lambda book: book["Điều kiện"].delete_rows(2))
    row = only(plan)
    assert (row.kind, [each.title for each in row.fields]) == (Kind.PROVISION, ["Điều kiện"])
    assert row.fields[0].before
    assert row.fields[0].after == ""


def test_a_new_entry_gets_an_id_and_a_question_asked_already_is_refused(world: Stored) -> None:
    before = faq(world)

    def edit(book: Workbook) -> None:
        for title, value in (
            ("Câu hỏi", "Vay vốn thì làm ở đâu?"),
            ("Câu trả lời", "Ở ngân hàng."),
            (PHRASINGS, "a\nb\nc"),
            ("Chủ đề", "vay von"),
            ("Hỏi về", "Cách làm"),
            ("Nguồn", "press"),
        ):
            cell(book, "FAQ", title, 9).value = value

    row = only(changed(world, edit))
    assert (row.place, row.what, row.key, row.name) == (
        "FAQ!A9", "added", "vay_von_thi_lam_o_dau", "Vay vốn thì làm ở đâu?"
    )  # fmt: skip
    plan = changed(world, edit)
    content = plan.changes[Kind.FAQ, row.key]
    assert content is not None
    assert (content["topic"], content["aspect"]) == ("credit", "procedure")

    def again(book: Workbook) -> None:
        edit(book)
        cell(book, "FAQ", "Câu hỏi", 9).value = before["question"].upper()

    assert before["id"] in problem(changed(world, again)).wrong


def test_a_row_whose_unit_was_published_anew_is_a_conflict_only_if_it_was_edited(world: Stored) -> None:
    old = faq(world)
    newer = dict(world.rows)
    row = newer[Kind.FAQ, old["id"]]
    newer[Kind.FAQ, old["id"]] = row.model_copy(update={"answer": "Vừa công bố."})
    now = Stored.of(2, newer)
    untouched = plan_of(now, workbook(world))
    assert (untouched.rows, untouched.problems) == ([], [])
    plan = plan_of(now, edited(world, put("FAQ", "Câu hỏi", "Câu khác?")))
    assert "công bố nội dung mới sau khi xuất" in problem(plan).wrong


def test_a_changed_key_is_no_new_unit_but_a_copied_row_is(world: Stored) -> None:
    assert "Mã đã bị sửa" in problem(changed(world, put("FAQ", FAQ_ID, "ma_khac"))).wrong

    def copy(book: Workbook) -> None:
        for at in range(1, book["FAQ"].max_column + 1):
            book["FAQ"].cell(9, at).value = book["FAQ"].cell(2, at).value
        cell(book, "FAQ", FAQ_ID, 9).value = "ma_khac"

    assert (only(changed(world, copy)).what, only(changed(world, copy)).key) == ("added", "ma_khac")


def test_the_same_key_twice_is_refused(world: Stored) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["Cơ quan"]
        for at in range(1, sheet.max_column + 1):
            sheet.cell(9, at).value = sheet.cell(2, at).value

    found = problem(changed(world, edit))
    assert (found.place, "Cơ quan!A2" in found.wrong) == ("Cơ quan!A9", True)


def test_strange_titles_and_lonely_parts_are_told(world: Stored) -> None:
    assert problem(changed(world, lambda book: setattr(book["FAQ"]["B1"], "value", "Câu gì"))).place == "FAQ!B1"
    lonely = changed(world, lambda book: book.remove(book["Quy định"])).problems
    assert [each.place for each in lonely] == ["Điều kiện", "Quyền lợi", "Giấy tờ", "Các bước"]
    plan = changed(world, lambda book: setattr(book["FAQ"], "title", "Nháp"))
    assert plan.notes == ["Trang “Nháp” không thuộc mẫu nên được bỏ qua."]
    assert "Không có trang nào theo mẫu" in problem(plan_of(world, saved(Workbook()))).wrong


def test_a_part_of_nothing_is_told(world: Stored) -> None:
    def edit(book: Workbook) -> None:
        row = row_with(book, "Quyền lợi", "Chương trình", book["Quyền lợi"]["A2"].value)
        cell(book, "Quyền lợi", "Mã quy định", row).value = "khong-co"

    plan = changed(world, edit)
    assert "Trang “Quy định” không có dòng nào của mục này" in plan.problems[0].wrong
