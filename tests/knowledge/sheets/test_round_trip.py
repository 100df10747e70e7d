"""What is exported and comes back unedited changes nothing, whatever the rows say."""

from __future__ import annotations

import datetime as dt
import io
import string

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.knowledge import schema
from bot.knowledge.editing.units import Kind, key_of_row, parse
from bot.knowledge.sheets.forms import TABLES, from_flat
from bot.knowledge.sheets.stored import Stored, told
from bot.knowledge.sheets.writing import GUIDE, LISTS, workbook
from tests.knowledge.sheets.books import edited, plan_of, saved

NASTY = ["=1+1", "+84 (1)", "-x|y", "@SUM(A1)", "#N/A", "  đầu và cuối ", "một\r\nhai", "a | b", "[x]", "có", "12",
         "1.500", '"q"', "x = y", "TRUE", "_x000D_"]  # fmt: skip
letters = st.characters(exclude_categories=["Cs", "Cc"])
words = st.one_of(st.text(letters, min_size=1, max_size=30), st.sampled_from(NASTY))
ids = st.text(string.ascii_lowercase, min_size=1, max_size=8)
amounts = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**14), max_value=10**14)
days = st.dates(min_value=dt.date(1901, 1, 1), max_value=dt.date(2100, 1, 1))
evidence = st.sampled_from(["text", "press", "memory"])
values = st.one_of(st.booleans(), st.integers(-(10**9), 10**9), amounts, words)
citations = st.fixed_dictionaries({"document": words}, optional={"article": words})
faqs = st.fixed_dictionaries(
    {
        "id": ids, "topic": st.sampled_from(["credit", "other"]), "aspect": st.sampled_from(["benefit", "other"]),
        "question": words, "phrasings": st.lists(words, min_size=3, max_size=5), "answer": words, "evidence": evidence,
    },
    optional={"program": ids, "legal_basis": st.lists(citations, max_size=3), "applies_from": days},
)  # fmt: skip
criteria = st.one_of(
    st.fixed_dictionaries(
        {"fact": ids, "op": st.sampled_from(["eq", "ge"]), "label": words, "value": values},
        optional={"evidence": evidence, "legal_basis": citations, "factor": amounts},
    ),
    st.fixed_dictionaries({"fact": ids, "op": st.just("in"), "label": words, "value": st.lists(words, max_size=3)}),
    st.fixed_dictionaries({"fact": ids, "op": st.just("unsettled"), "label": words}),
)
provisions = st.fixed_dictionaries(
    {
        "program": ids, "key": ids, "state": st.just("open"), "applies_from": days, "evidence": evidence,
        "legal_basis": st.lists(citations, min_size=1, max_size=2), "common": st.lists(criteria, max_size=3),
        "groups": st.lists(
            st.fixed_dictionaries(
                {"key": ids, "label": words, "criteria": st.lists(criteria, min_size=1, max_size=2)}
            ), max_size=2, unique_by=lambda group: group["key"],
        ),
        "benefits": st.lists(st.fixed_dictionaries({"label": words, "amount": amounts}), max_size=2),
        "documents": st.lists(st.fixed_dictionaries({"name": words}, optional={"note": words}), max_size=2),
    }
)  # fmt: skip


def stored_of(kind: Kind, contents: list[dict[str, object]]) -> Stored:
    rows: dict[tuple[Kind, str], schema.Row] = {}
    for content in contents:
        row = parse(kind, content)
        rows[kind, key_of_row(kind, row)] = row
    return Stored.of(1, rows)


def test_all_published_rows_come_back_unchanged(all_data: Stored) -> None:
    plan = plan_of(all_data, workbook(all_data))
    assert (plan.problems, plan.rows, plan.notes) == ([], [], [])
    assert plan.unchanged == len(all_data.rows) > 1000


def test_so_they_do_when_another_program_has_saved_the_file(all_data: Stored) -> None:
    plan = plan_of(all_data, edited(all_data, lambda book: None))
    assert (plan.problems, plan.rows, plan.unchanged) == ([], [], len(all_data.rows))


def test_a_unit_read_from_its_cells_alone_says_what_it_said(all_data: Stored) -> None:
    """The way back does not lean on what is stored: a copied row says the same under a new id."""
    for table in TABLES:
        for key, flat in all_data.of_kind(table.kind):
            row = parse(table.kind, from_flat(table, told(table, flat, all_data.names)))
            assert row == all_data.rows[table.kind, key]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(faqs, min_size=1, max_size=4))
def test_any_entries_come_back_unchanged(contents: list[dict[str, object]]) -> None:
    stored = stored_of(Kind.FAQ, contents)
    plan = plan_of(stored, workbook(stored, [Kind.FAQ]))
    assert (plan.problems, plan.rows, plan.unchanged) == ([], [], len(stored.rows))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(provisions, min_size=1, max_size=3))
def test_any_provisions_come_back_unchanged(contents: list[dict[str, object]]) -> None:
    stored = stored_of(Kind.PROVISION, contents)
    plan = plan_of(stored, workbook(stored, [Kind.PROVISION]))
    assert (plan.problems, plan.rows, plan.unchanged) == ([], [], len(stored.rows))


def test_the_workbook_is_made_for_an_officer(world: Stored) -> None:
    book = load_workbook(io.BytesIO(workbook(world)))
    assert book.sheetnames[0] == GUIDE
    assert book[LISTS].sheet_state == "hidden"
    for table in TABLES:
        sheet = book[table.title]
        assert sheet.freeze_panes == "B2"
        last = sheet.cell(1, sheet.max_column)
        assert (last.value, sheet.column_dimensions[last.column_letter].hidden) == ("Phiên bản (không sửa)", True)
    sources = {each.formula1 for each in book["FAQ"].data_validations.dataValidation}
    assert len(sources) == 4, "topic, program, aspect, evidence are chosen from lists"
    assert next(cell.value for cell in book[LISTS]["A"]) == "Vay vốn [credit]"


def test_no_cell_of_ours_is_a_formula() -> None:
    content = {
        "id": "x", "topic": "credit", "aspect": "other", "question": "=1+1", "phrasings": NASTY, "evidence": "text",
        "answer": "=cmd|' /C calc'!A0",
    }  # fmt: skip
    book = load_workbook(io.BytesIO(workbook(stored_of(Kind.FAQ, [content]))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in book["FAQ"][2] if isinstance(cell.value, str)} == {"@"}
    assert plan_of(stored_of(Kind.FAQ, [content]), saved(book)).rows == []
