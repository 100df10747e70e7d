"""Lists of questions and answers in a Word or CSV file, as rows of the FAQ sheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.knowledge.sheets.encodings import legacy, text_of_bytes
from bot.knowledge.sheets.reading import MOST_ROWS, key_of_title
from bot.knowledge.sheets.safe import MOST_BYTES, RefusedError, open_document
from bot.knowledge.sheets.stored import Flat

_QUESTION = re.compile(r"\s*(?:câu hỏi|hỏi)(?:\s+\d+)?\s*[:.)–-]\s*(.*)", re.IGNORECASE | re.DOTALL)
_ANSWER = re.compile(r"\s*(?:câu trả lời|trả lời|đáp)(?:\s+\d+)?\s*[:.)–-]\s*(.*)", re.IGNORECASE | re.DOTALL)
_TITLES = {
    "question": {"cau hoi", "hoi", "noi dung hoi", "question"},
    "answer": {"cau tra loi", "tra loi", "dap", "noi dung tra loi", "answer"},
    "phrasing": {"cach hoi khac", "cach hoi", "hoi cach khac"},
}
_SHAPE = (
    "Danh sách cần hai cột “Câu hỏi” và “Trả lời” (thêm cột “Cách hỏi khác” nếu có), hoặc các đoạn “Hỏi: …”, “Đáp: …”."
)


@dataclass
class Pair:
    """A question with its answer, and other ways to ask it."""

    question: str
    answer: str = ""
    phrasings: list[str] = field(default_factory=list)


def read_list(content: bytes) -> list[Pair]:
    """The pairs of a Word (.docx) or CSV file, told apart by content.

    Raises :class:`bot.knowledge.sheets.safe.RefusedError` where the file is neither, or holds no pair.
    """
    if len(content) > MOST_BYTES:
        raise RefusedError(f"Tệp lớn hơn {MOST_BYTES // 1024 // 1024} MB. Hãy chia thành nhiều tệp.")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        open_document(content)
        pairs = _of_document(content)
    else:
        pairs = list(_of_rows(_csv_rows(text_of_bytes(content))))
    if not pairs:
        raise RefusedError(f"Không thấy câu hỏi nào trong tệp. {_SHAPE}")
    if len(pairs) > MOST_ROWS:
        raise RefusedError(f"Tệp có hơn {MOST_ROWS} câu hỏi. Hãy chia thành nhiều tệp.")
    return pairs


def entries_of(pairs: Sequence[Pair], topic: str, aspect: str, evidence: str) -> list[Flat]:
    """The pairs as FAQ entries of a topic, without ids; what a pair lacks is left out."""
    return [
        {
            "question": pair.question,
            "answer": pair.answer,
            "phrasings": pair.phrasings,
            "topic": topic,
            "aspect": aspect,
            "evidence": evidence,
        }
        for pair in pairs
    ]


def _csv_rows(text: str) -> list[list[str]]:
    head = text.split("\n", 1)[0]
    # Excel of Vietnam separates by semicolons, others by commas; a list pasted from a sheet by tabs.
    separator = max(";,\t", key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        message = "Tệp CSV không đúng dạng (dấu ngoặc kép không khớp, hoặc ô quá dài). Hãy mở bằng Excel rồi lưu lại."
        raise RefusedError(message) from error


def _of_rows(rows: Iterable[Sequence[str]]) -> Iterator[Pair]:
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    columns = _columns(filled[0])
    if columns is None:
        if any(len(row) < 2 for row in filled):
            raise RefusedError(_SHAPE)
        columns = {"question": [0], "answer": [1], "phrasing": list(range(2, max(map(len, filled))))}
    else:
        filled = filled[1:]
    for row in filled:
        question, answer = (_at(row, columns[name][0]) for name in ("question", "answer"))
        others = [_at(row, number) for number in columns["phrasing"]]
        yield Pair(question, answer, [line.strip() for cell in others for line in cell.split("\n") if line.strip()])


def _at(row: Sequence[str], number: int) -> str:
    return row[number] if number < len(row) else ""


def _columns(head: Sequence[str]) -> dict[str, list[int]] | None:
    """By meaning the numbers of the columns, if ``head`` is a row of titles."""
    keys = [re.sub(r"[\s\d.()]+$", "", key_of_title(cell)) for cell in head]
    found = {name: [at for at, key in enumerate(keys) if key in titles] for name, titles in _TITLES.items()}
    return found if found["question"] and found["answer"] else None


def _of_document(content: bytes) -> list[Pair]:
    from bot.knowledge.sheets.word import read_word  # noqa: PLC0415 - python-docx is loaded when a Word file comes

    texts, tables = read_word(content)
    cells = [cell for table in tables for row in table for cell in row]
    if refusal := legacy("\n".join([*texts, *cells])):
        raise RefusedError(refusal)
    pairs = list(_of_paragraphs(texts))
    for table in tables:
        if table and (_columns(table[0]) or not pairs):
            pairs += _of_rows(table)
    return pairs


def _of_paragraphs(texts: Iterable[str]) -> Iterator[Pair]:
    """``Hỏi:`` begins a pair, another before its answer is one more way to ask; what follows ``Đáp:`` belongs to it."""
    pair, answering = None, False
    for text in (text.strip() for text in texts):
        if question := _QUESTION.fullmatch(text):
            if pair is not None and not answering:
                pair.phrasings.append(question[1].strip())
                continue
            if pair is not None:
                yield pair
            pair, answering = Pair(question[1].strip()), False
        elif pair is not None and (answer := _ANSWER.fullmatch(text)):
            pair.answer, answering = answer[1].strip(), True
        elif pair is not None and text:
            if answering:
                pair.answer = f"{pair.answer}\n{text}".strip()
            else:
                pair.question = f"{pair.question} {text}".strip()
    if pair is not None:
        yield pair
