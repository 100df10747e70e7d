"""What stands in a Word file: its paragraphs, and its tables cell by cell."""

from __future__ import annotations

import io

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from bot.knowledge.sheets.safe import RefusedError

Table = list[list[str]]


def read_word(content: bytes) -> tuple[list[str], list[Table]]:
    """Texts of the paragraphs and of the tables of a .docx; ``RefusedError`` for what Word did not write."""
    try:
        body = Document(io.BytesIO(content)).element.body
        tables = [_table(table) for table in body.iterchildren(qn("w:tbl"))]
        texts = [Paragraph(element, None).text for element in body.iterchildren(qn("w:p"))]  # type: ignore[arg-type]  # its text asks for no parent
    # python-docx raises whatever its parser meets: each means that Word did not write the file.
    except Exception as error:
        raise RefusedError("Tệp Word không đọc được. Hãy mở bằng Word, lưu lại dạng .docx rồi thử lại.") from error
    return texts, tables


def _table(table: object) -> Table:
    # Cell by cell as they stand: python-docx would repeat a cell as often as its span claims.
    return [
        ["\n".join(Paragraph(text, None).text for text in cell.iterchildren(qn("w:p"))).strip()  # type: ignore[arg-type]  # as above
         for cell in row.iterchildren(qn("w:tc"))]
        for row in table.iterchildren(qn("w:tr"))  # type: ignore[attr-defined]  # an lxml element
    ]  # fmt: skip
