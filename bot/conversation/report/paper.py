"""What a Word document needs beyond python-docx's own words: fields, rules, borders, texts of pictures."""

from __future__ import annotations

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"


def element(tag: str, **attributes: str) -> BaseOxmlElement:
    """An element of the main vocabulary: ``element("w:top", val="single")``."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def write(
    paragraph: Paragraph,
    text: str,
    size: float | None = None,
    *,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
) -> Run:
    """Add a run; without a size it has that of the document."""
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline = bold or None, italic or None, underlined or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def centred(cell: _Cell, *, first: bool = False) -> Paragraph:
    """A new centred line in a cell, close to the one above; ``first`` takes the line a new cell has already."""
    paragraph: Paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    tighten(paragraph)
    return paragraph


def tighten(paragraph: Paragraph) -> None:
    """No indent and no space around it."""
    layout = paragraph.paragraph_format
    layout.first_line_indent, layout.space_before, layout.space_after = Mm(0), Pt(0), Pt(0)
    layout.line_spacing = 1.0


def rule(paragraph: Paragraph, side: float) -> None:
    """Make an empty paragraph a thin line, ``side`` mm shorter at both ends."""
    tighten(paragraph)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(side)
    paragraph.paragraph_format.line_spacing = Pt(3)
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="6", space="0", color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.append(borders)


def page_number(paragraph: Paragraph) -> None:
    """The number of the page, as a field."""
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        made = element("w:fldChar", fldCharType=kind) if kind else element("w:instrText")
        if kind is None:
            made.text = "PAGE"
        run._r.append(made)


def describe(run: Run, text: str) -> None:
    """Give the picture of a run the text that is read out instead of it."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", text)
        properties.set("title", text.split(".", 1)[0])


def repeat_heading(row: _Row) -> None:
    """Show a row again on each page that the table goes on to."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Don't part a row between two pages."""
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))


def widths(table: Table, millimetres: tuple[float, ...]) -> None:
    """Fix the widths of the columns; Word reads them from each cell."""
    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            cell.width = Mm(width)
