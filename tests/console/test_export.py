"""Lists as files: what is in them, and that a spreadsheet takes nothing for a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.console.listing.export import Table, comma_separated, harmless, workbook
from bot.console.roles import Role
from tests.console.conftest import START, Browser, Site

NASTY = ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', 'Đặng, "Bưởi"\n2', "\x00x"]


@given(st.one_of(st.text(), st.sampled_from(NASTY)))
def test_no_cell_begins_like_a_formula(value: str) -> None:
    written = harmless(value)
    assert isinstance(written, str)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_workbook_holds_text_numbers_and_times_as_read() -> None:
    file = workbook(Table("danh-sach", ["Một", "Hai", "Ba"], [[value, 7, START] for value in NASTY]))
    sheet = load_workbook(io.BytesIO(file.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("Một", "Hai", "Ba")
    assert rows[1] == ("'=1+1", 7, "30/11/2026 14:00")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "n"}


def test_comma_separated_values_keep_accents_commas_and_line_breaks() -> None:
    file = comma_separated(Table("x", ["Một", "Hai"], [[value, dt.date(2027, 1, 2)] for value in NASTY], left_out=3))
    assert file.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline="")))
    assert rows[8] == ['Đặng, "Bưởi"\n2', "02/01/2027"]
    assert rows[-1] == ["Còn 3 dòng nữa: hãy lọc bớt rồi xuất lại."]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
async def test_a_list_is_exported_as_it_is_filtered_all_pages_of_it(site: Site, browser: Browser, ending: str) -> None:
    site.person("chu", Role.ADMINISTRATOR)
    for number in range(40):
        site.person(f"can{number:02}", Role.EDITOR)
    await browser.sign_in("chu")
    page = await browser.get("/officers?role=editor")
    assert f"?role=editor&amp;order=login&amp;export={ending}" in page.text
    async with browser.client.get(f"/console/officers?role=editor&export={ending}") as response:
        content = await response.read()
        assert response.headers["Content-Disposition"].endswith(f'.{ending}"')
    if ending == "csv":
        lines = content.decode("utf-8-sig").splitlines()
        assert (len(lines), lines[0].split(",")[:2], lines[1].split(",")[0]) == (
            41,
            ["Tên đăng nhập", "Họ tên"],
            "can00",
        )
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert sheet is not None
        assert sheet.max_row == 41
