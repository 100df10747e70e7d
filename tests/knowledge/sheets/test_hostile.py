"""Files that could do harm, or are not what they say, are refused in a sentence."""

from __future__ import annotations

import io
import struct
import time
import zipfile

import pytest
from openpyxl import Workbook

from bot.knowledge.sheets.reading import read_workbook
from bot.knowledge.sheets.safe import MOST_BYTES, RefusedError
from tests.knowledge.sheets.books import quiet, repacked, saved

PLAIN = saved(Workbook())
SHEET = "xl/worksheets/sheet1.xml"


def refusal(content: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        read_workbook(content, quiet)
    return str(caught.value)


def with_part(name: str, part: bytes) -> bytes:
    return repacked(PLAIN, **{name.replace("/", "__").replace(".", "_dot_"): part})


def test_a_plain_workbook_is_read() -> None:
    assert [grid.title for grid in read_workbook(PLAIN, quiet)] == ["Sheet"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không phải tệp Excel"),
        (b"%PDF-1.7", "không phải tệp Excel"),
        (b"<html><table></table></html>", "không phải tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mật khẩu"),
        (PLAIN[: len(PLAIN) // 2], "bị hỏng"),
        # Within what is packed: zlib's own error.
        (PLAIN[:60] + b"\xff" * 40 + PLAIN[100:], "bị hỏng"),
        (b"PK\x03\x04" + bytes(MOST_BYTES), "lớn hơn 10 MB"),
        (with_part("xl/vbaProject.bin", b"Sub Auto_Open()"), "macro"),
        (with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), "liên kết"),
        (with_part("xl/embeddings/oleObject1.bin", b"x"), "nhúng"),
        (with_part(SHEET, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'), "khai báo XML"),
        (with_part(SHEET, '<?xml version="1.0"?><worksheet/>'.encode("utf-16")), "bảng mã lạ"),
        (with_part(SHEET, b"<worksheet><sheetData><row>"), "không đọc được"),
        (repacked(PLAIN, xl__workbook_dot_xml=None), "không phải tệp Excel"),
    ],
)
def test_what_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_document_type_across_two_chunks_is_found() -> None:
    part = b"<!--" + b"x" * (64 * 1024 - 9) + b"--><!DOCTYPE x><worksheet/>"
    assert "khai báo XML" in refusal(with_part(SHEET, part))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part(SHEET, b"<worksheet>" + b" " * (300 * 1024 * 1024))
    assert len(bomb) < MOST_BYTES
    begin = time.process_time()
    assert "bung ra quá lớn" in refusal(bomb)
    assert time.process_time() - begin < 2


def test_a_header_that_lies_about_sizes_does_not_help() -> None:
    bomb = bytearray(with_part(SHEET, b"<worksheet>" + b" " * (100 * 1024 * 1024)))
    with zipfile.ZipFile(io.BytesIO(bytes(bomb))) as package:
        real = package.getinfo(SHEET).file_size
    at = bytes(bomb).find(struct.pack("<I", real))
    while at >= 0:
        bomb[at : at + 4] = struct.pack("<I", 100)
        at = bytes(bomb).find(struct.pack("<I", real), at)
    assert refusal(bytes(bomb))


def test_thousands_of_parts_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for number in range(2_001):
            package.writestr(f"xl/{number}.xml", "<x/>")
    assert "quá nhiều phần" in refusal(file.getvalue())


def test_rows_far_below_are_refused_and_cost_little() -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    far = with_part(SHEET, b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
                    + rows + b"</sheetData></worksheet>")  # fmt: skip
    begin = time.process_time()
    assert "hơn 50000 dòng" in refusal(far)
    assert time.process_time() - begin < 8
