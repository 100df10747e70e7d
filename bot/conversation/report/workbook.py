"""The report's tables as an Excel workbook: one sheet each, real numbers, charts that Excel draws itself."""

from __future__ import annotations

import datetime as dt
import io

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bot.conversation.report import words
from bot.conversation.report.content import Amount, Cell, Column, Content, Table

_FONT = "Times New Roman"
_FORMATS = {"text": "@", "number": "#,##0", "share": "0.0%"}
_UNITS = {"share": "0.0%", "seconds": '0.00" giây"', "mean": "#,##0.0"}
_HEADING_ROW = 3
_THIN = Side(style="thin", color="888888")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def workbook(content: Content, made_at: dt.datetime) -> bytes:
    """The .xlsx file."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    book.properties.title = f"Báo cáo {content.title}"
    book.properties.creator = ""
    book.properties.created = book.properties.modified = made_at.astimezone(dt.UTC).replace(tzinfo=None)
    for table in content.tables:
        _fill(book.create_sheet(table.sheet), table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: Worksheet, table: Table) -> None:
    sheet["A1"] = table.title
    sheet["A1"].font = Font(name=_FONT, size=14, bold=True)
    for place, column in enumerate(table.columns, 1):
        cell = _cell(sheet, _HEADING_ROW, place)
        cell.value = column.title
        cell.font = Font(name=_FONT, size=12, bold=True)
        cell.fill = PatternFill("solid", fgColor="E8F2EE")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _GRID
        sheet.column_dimensions[get_column_letter(place)].width = _width(table, place - 1)
    for number, row in enumerate(table.rows, _HEADING_ROW + 1):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True), 1):
            _put(_cell(sheet, number, place), value, column)
    if not table.rows:
        _cell(sheet, _HEADING_ROW + 1, 1).value = table.empty
    if table.note:
        note = _cell(sheet, _HEADING_ROW + len(table.rows) + 2, 1)
        note.value = table.note
        note.font = Font(name=_FONT, size=11, italic=True)
    sheet.freeze_panes = f"A{_HEADING_ROW + 1}"
    sheet.print_title_rows = f"{_HEADING_ROW}:{_HEADING_ROW}"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]  # made with the sheet
    if table.chart is not None and table.rows:
        _draw(sheet, table)


def _cell(sheet: Worksheet, row: int, column: int) -> SheetCell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)
    return cell


def _put(cell: SheetCell, value: Cell, column: Column) -> None:
    cell.number_format = _FORMATS[column.kind]
    if isinstance(value, Amount):
        cell.value, cell.number_format = value.value, _UNITS[value.unit]
    else:
        cell.value = words.NOTHING if value is None else value
    if isinstance(cell.value, str):
        # A question that begins with "=" must not become a formula.
        cell.data_type = "s"
        cell.quotePrefix = cell.value[:1] in {"=", "+", "-", "@"}
    cell.font = Font(name=_FONT, size=12)
    cell.alignment = Alignment(vertical="top", wrap_text=column.kind == "text")
    cell.border = _GRID


def _width(table: Table, place: int) -> float:
    if table.columns[place].kind != "text":
        return 14
    longest = max([len(str(row[place])) for row in table.rows] + [len(table.columns[place].title)])
    return min(60, max(14, longest + 2))


def _draw(sheet: Worksheet, table: Table) -> None:
    assert table.chart is not None
    chart: BarChart | LineChart = LineChart() if table.chart.kind == "line" else BarChart()
    if isinstance(chart, BarChart):
        chart.type = "bar"
        chart.y_axis.scaling.orientation = "minMax"
        chart.x_axis.scaling.orientation = "maxMin"
    last = _HEADING_ROW + len(table.rows)
    for column in table.chart.columns:
        values = Reference(sheet, min_col=column + 1, min_row=_HEADING_ROW, max_row=last)
        chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=_HEADING_ROW + 1, max_row=last))
    chart.title = table.title
    # Otherwise newer Excel leaves the axes out.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.width, chart.height = 22, max(8, min(20, 3 + 0.8 * len(table.rows)))
    sheet.add_chart(chart, f"{get_column_letter(len(table.columns) + 2)}{_HEADING_ROW}")
