"""The report as a Word document in the form of the State or the Party."""

from __future__ import annotations

import datetime as dt
import io

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from bot.conversation.report import paper, words
from bot.conversation.report.charts import described, draw
from bot.conversation.report.content import Amount, Cell, Column, Content, Table
from bot.conversation.report.form import BLANK, Form

_TEXT = 14
_IN_TABLES = 12
_WIDTH = 165
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
_NUMBER_WIDTH = 27


def document(content: Content, form: Form, signed_on: dt.date, made_at: dt.datetime) -> bytes:
    """The .docx file, ready to be numbered and signed; ``made_at`` stands in its properties."""
    made: Paper = Document()
    _prepare(made, content, form, made_at)
    _head(made, form, signed_on)
    _title(made, content, form)
    _paragraph(made, content.opening)
    tables = 0
    for number, section in enumerate(content.sections):
        title = form.style.section.format(number=_ROMAN[number], title=section.title.upper())
        heading = _paragraph(made, "")
        heading.style = "Heading 1"
        paper.write(heading, title, _TEXT, bold=True)
        for block in section.blocks:
            if isinstance(block, str):
                _paragraph(made, block)
            else:
                tables += 1
                _table(made, block, tables)
    _foot(made, form)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _prepare(made: Paper, content: Content, form: Form, made_at: dt.datetime) -> None:
    for name in ("Normal", "Heading 1", "Caption", "Header"):
        style = made.styles[name]
        style.font.name = paper.FONT
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), paper.FONT)
        for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(theme), None)
    normal = made.styles["Normal"]
    normal.font.size = Pt(_TEXT)
    normal.element.get_or_add_rPr().append(paper.element("w:lang", val="vi-VN"))
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    top, bottom, left, right = form.style.margins
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.page_number(number)
    properties = made.core_properties
    properties.title = f"Báo cáo {content.title}"
    properties.author = form.agency
    properties.language = "vi-VN"
    properties.comments = ""
    properties.created = properties.modified = made_at


def _head(made: Paper, form: Form, signed_on: dt.date) -> None:
    table = made.add_table(rows=1, cols=2)
    paper.widths(table, (70, 95))
    left, right = table.rows[0].cells
    style = form.style
    line = paper.centred(left, first=True)
    if form.superior or not form.agency:
        paper.write(line, (form.superior or BLANK).upper(), style.superior)
        line = paper.centred(left)
    paper.write(line, (form.agency or BLANK).upper(), style.agency, bold=True)
    if style.star:
        paper.write(paper.centred(left), "*", style.agency)
    else:
        paper.rule(left.add_paragraph(), 24)
    paper.write(paper.centred(left), form.number, style.number_size)
    for place, (text, size) in enumerate(style.heading):
        paper.write(paper.centred(right, first=place == 0), text, size, bold=True)
    paper.rule(right.add_paragraph(), 10 if style.star else 19)
    date = paper.centred(right)
    date.paragraph_format.space_before = Pt(6)
    paper.write(date, f"{form.place or BLANK}, {words.long_day(signed_on)}", _TEXT, italic=True)


def _title(made: Paper, content: Content, form: Form) -> None:
    kind = made.add_paragraph()
    kind.alignment = WD_ALIGN_PARAGRAPH.CENTER
    kind.paragraph_format.space_before, kind.paragraph_format.space_after = Pt(18), Pt(0)
    paper.write(kind, "BÁO CÁO", form.style.kind_size, bold=True)
    about = made.add_paragraph()
    about.alignment = WD_ALIGN_PARAGRAPH.CENTER
    about.paragraph_format.space_after = Pt(0)
    text = content.title if form.style.star else content.title[0].upper() + content.title[1:]
    paper.write(about, text, form.style.summary_size, bold=True)
    if form.style.star:
        end = made.add_paragraph()
        end.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paper.write(end, "-----", _TEXT)
    else:
        paper.rule(made.add_paragraph(), 60)
        made.add_paragraph().paragraph_format.space_after = Pt(0)


def _paragraph(made: Paper, text: str) -> Paragraph:
    paragraph = made.add_paragraph(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    layout = paragraph.paragraph_format
    layout.first_line_indent = Mm(12.7)
    layout.space_before = layout.space_after = Pt(6)
    layout.line_spacing = 1.15
    return paragraph


def _table(made: Paper, table: Table, number: int) -> None:
    caption = made.add_paragraph(style="Caption")
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(4)
    paper.write(caption, f"Bảng {number}. {table.title}", 13, bold=True)
    if not table.rows:
        _paragraph(made, table.empty)
    else:
        _grid(made, table)
        if table.chart is not None:
            shown = made.add_paragraph()
            shown.alignment = WD_ALIGN_PARAGRAPH.CENTER
            shown.paragraph_format.space_before = Pt(8)
            run = shown.add_run()
            run.add_picture(io.BytesIO(draw(table)), width=Mm(160))
            paper.describe(run, described(table))
    if table.note:
        note = _paragraph(made, "")
        paper.write(note, f"Ghi chú: {table.note}", _IN_TABLES, italic=True)


def _grid(made: Paper, table: Table) -> None:
    grid = made.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    _row(grid.rows[0].cells, [column.title for column in table.columns], table.columns, bold=True)
    paper.repeat_heading(grid.rows[0])
    for row in table.rows:
        cells = [shown(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        _row(grid.add_row().cells, cells, table.columns)
    for made_row in grid.rows:
        paper.keep_whole(made_row)
    texts = sum(column.kind == "text" for column in table.columns)
    numbers = len(table.columns) - texts
    wide = (_WIDTH - numbers * _NUMBER_WIDTH) / texts
    paper.widths(grid, tuple(wide if column.kind == "text" else _NUMBER_WIDTH for column in table.columns))


def _row(cells: tuple[object, ...], texts: list[str], columns: tuple[Column, ...], *, bold: bool = False) -> None:
    for cell, text, column in zip(cells, texts, columns, strict=True):
        line = cell.paragraphs[0]  # type: ignore[attr-defined]  # python-docx doesn't export its cells' class
        paper.tighten(line)
        if bold:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif column.kind != "text":
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paper.write(line, text, _IN_TABLES, bold=bold)


def shown(cell: Cell, column: Column) -> str:
    """A cell as it is read."""
    if cell is None:
        return words.NOTHING
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Amount):
        match cell.unit:
            case "share":
                return words.percent(cell.value)
            case "seconds":
                return f"{words.decimal(cell.value, 2)} giây"
            case "mean":
                return words.decimal(cell.value, 1)
    return words.percent(cell) if column.kind == "share" else words.number(int(cell))


def _foot(made: Paper, form: Form) -> None:
    made.add_paragraph().paragraph_format.space_after = Pt(0)
    table = made.add_table(rows=1, cols=2)
    paper.widths(table, (80, 85))
    paper.keep_whole(table.rows[0])
    left, right = table.rows[0].cells
    first = left.paragraphs[0]
    paper.tighten(first)
    if form.style.star:
        paper.write(first, "Nơi nhận:", _TEXT, underlined=True)
    else:
        paper.write(first, "Nơi nhận:", 12, bold=True, italic=True)
    last = "Lưu Văn phòng." if form.style.star else "Lưu: VT."
    for name in (*(f"{name}," if form.style.star else f"{name};" for name in form.recipients or (BLANK,)), last):
        line = left.add_paragraph()
        paper.tighten(line)
        paper.write(line, f"- {name}", form.style.recipients_size)
    signer = [form.on_behalf, form.signer or BLANK] if form.on_behalf else [form.signer or BLANK]
    for place, text in enumerate(signer):
        paper.write(paper.centred(right, first=place == 0), text.upper(), _TEXT, bold=True)
    for _ in range(4):
        paper.centred(right)
    paper.write(paper.centred(right), BLANK, _TEXT, bold=True)
