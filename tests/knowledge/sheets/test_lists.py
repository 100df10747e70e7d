"""Lists of questions and answers in Word and CSV files."""

from __future__ import annotations

import io
import unicodedata

import pytest
from docx import Document

from bot.knowledge.sheets.lists import Pair, entries_of, read_list
from bot.knowledge.sheets.safe import RefusedError
from bot.knowledge.sheets.stored import Stored
from bot.knowledge.sheets.writing import faq_workbook
from tests.knowledge.sheets.books import plan_of

CSV = 'Câu hỏi;Câu trả lời;Cách hỏi khác\nThẻ hết hạn thì sao?;"Mình đến xã; xã hướng dẫn.";"một\nhai\nba"\n'
PAIR = Pair("Thẻ hết hạn thì sao?", "Mình đến xã; xã hướng dẫn.", ["một", "hai", "ba"])


def refusal(content: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        read_list(content)
    return str(caught.value)


def document(*texts: str, table: list[list[str]] | None = None) -> bytes:
    made = Document()
    for text in texts:
        made.add_paragraph(text)
    if table:
        grid = made.add_table(len(table), len(table[0]))
        for row, cells in zip(grid.rows, table, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_kind_of_unicode_is_read(encoding: str) -> None:
    assert read_list(CSV.encode(encoding)) == [PAIR]
    assert read_list(unicodedata.normalize("NFD", CSV).encode(encoding)) == [PAIR]


@pytest.mark.parametrize("separator", [",", "\t"])
def test_other_separators_are_read(separator: str) -> None:
    assert read_list(f"Hỏi{separator}Đáp\nA?{separator}B.\n".encode()) == [Pair("A?", "B.")]


def test_two_columns_need_no_titles() -> None:
    assert read_list("Thẻ hết hạn?,Đến xã.\nMất thẻ?,Báo xã.\n".encode()) == [
        Pair("Thẻ hết hạn?", "Đến xã."),
        Pair("Mất thẻ?", "Báo xã."),
    ]


def test_windows_1258_is_converted_where_only_vietnamese_comes_of_it() -> None:
    # As Windows stores it: letters with their hats, the tone behind.
    pieces = _apart("Hỏi,Đáp\nThẻ hết hạn được đổi ở đâu?,Ở xã.\n")
    apart = "".join(unicodedata.normalize("NFC", "".join(base)) + tone for base, tone in pieces)
    assert read_list(apart.encode("cp1258")) == [Pair("Thẻ hết hạn được đổi ở đâu?", "Ở xã.")]


def _apart(text: str) -> list[tuple[list[str], str]]:
    tones = "\u0300\u0301\u0303\u0309\u0323"
    found: list[tuple[list[str], str]] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            base, tone = found.pop()
            found.append((base, tone + char) if char in tones else ([*base, char], tone))
        else:
            found.append(([char], ""))
    return found


@pytest.mark.parametrize(
    "content",
    [
        "Hỏi,Đáp\n".encode() + b"H\xe0i,\xb8\xb5",
        b"C\xa9u h\xe1i,Tr\xb6 l\xeai\nTh\xce h\xd5t h\xb9n \xae\xe6i \xeb \xae\xa9u?,\xeb x\xb7.\n",
        b"C\xe2u ho\xfbi,Tra\xfb l\xf4\xf8i\nThe\xfb he\xe1t ha\xef\xf1n \xf1o\xe5i?,\xd4\xfb xa\xf5.\n",
        "C©u hái,Tr¶ lêi\nThÎ hÕt h¹n ®æi ë ®©u?,ë x·.\n".encode(),
    ],
)
def test_old_code_pages_are_refused_with_the_mend(content: bytes) -> None:
    assert "Unicode" in refusal(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "Bảng mã|không phải"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "Bảng mã|không phải"),
        (b"", "Không thấy câu hỏi"),
        ("một cột\nthôi\n".encode(), "hai cột"),
        ('Hỏi,Đáp\n"không đóng,x\n'.encode(), "không đúng dạng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "mật khẩu"),
        (document("Kính gửi các xã."), "Không thấy câu hỏi"),
    ],
)
def test_what_is_no_list_is_refused(content: bytes, said: str) -> None:
    assert any(part in refusal(content) for part in said.split("|"))


def test_paragraphs_of_a_document_are_pairs_with_other_ways_to_ask() -> None:
    content = document(
        "HỎI ĐÁP VỀ THẺ BẢO HIỂM Y TẾ",
        "Câu hỏi 1: Thẻ hết hạn thì sao?",
        "Hỏi: Gia hạn thẻ ở đâu?",
        "Trả lời: Mình đến xã.",
        "Nhớ mang căn cước.",
        "Hỏi: Mất thẻ?",
        "Đáp: Báo xã.",
    )
    assert read_list(content) == [
        Pair("Thẻ hết hạn thì sao?", "Mình đến xã.\nNhớ mang căn cước.", ["Gia hạn thẻ ở đâu?"]),
        Pair("Mất thẻ?", "Báo xã."),
    ]


def test_a_table_of_a_document_is_read_by_its_titles() -> None:
    table = [["STT", "Nội dung hỏi", "Nội dung trả lời"], ["1", "Mất thẻ?", "Báo xã."]]
    assert read_list(document("Danh sách", table=table)) == [Pair("Mất thẻ?", "Báo xã.")]


def test_a_list_becomes_a_workbook_that_is_tried_like_any_other(world: Stored) -> None:
    plan = plan_of(world, faq_workbook(entries_of([PAIR], "credit", "other", "press"), world))
    (row,) = plan.rows
    assert (row.what, row.key, plan.problems) == ("added", "the_het_han_thi_sao", [])


def test_what_a_list_lacks_is_told_at_the_cell_to_fill(world: Stored) -> None:
    pairs = [Pair("Mất thẻ?", "Báo xã."), Pair("=1+1", "x", ["a", "b", "c"]), Pair("Thế thì sao?")]
    plan = plan_of(world, faq_workbook(entries_of(pairs, "credit", "other", "press"), world))
    assert [each.place for each in plan.problems] == ["FAQ!B3", "FAQ!D2", "FAQ!D4", "FAQ!C4"]
    assert plan.problems[1].wrong == "“Cách hỏi khác (mỗi dòng một, ít nhất ba)” còn trống."
