"""How one value of a unit's JSON stands in a cell, and how what stands in a cell is read."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from bot.knowledge.editing.units import Kind
from bot.knowledge.sheets.names import Names

Cell = str | int | float | bool | dt.date | None
"""What a cell holds; a :class:`datetime.date` may be a :class:`datetime.datetime`."""

_YES, _NO = "có", "không"
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
_PLAIN = re.compile(r"[+-]?\d+([.,]\d+)?")
_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+[.,]\d+")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no workbook can hold."""
# What a spreadsheet takes for a formula when the text is typed or pasted again.
_FORMULA = re.compile(r"[=@]|[+-][^ \n]*[(|!]")


class CellError(ValueError):
    """What stands in a cell will not do: what is wrong, and how to mend it."""

    def __init__(self, wrong: str, mend: str) -> None:
        super().__init__(f"{wrong} {mend}")
        self.wrong, self.mend = wrong, mend


class Form(Protocol):
    """How the values of a column are written: ``read(show(value))`` says what ``value`` says."""

    def show(self, value: Any, names: Names) -> Cell:
        """Return the cell for a value of the row's JSON that is not ``None``."""

    def read(self, cell: Cell, names: Names) -> Any:
        """The value of a cell that is not empty; raises :class:`CellError`."""


def text_of(cell: Cell) -> str:
    """What the cell says as text, composed (NFC), without spaces at its ends."""
    if isinstance(cell, bool):
        return _YES if cell else _NO
    if isinstance(cell, dt.date):
        raise CellError(
            "Excel đã tự đổi nội dung ô này thành ngày tháng.",
            "Đặt định dạng ô là Văn bản (Text) rồi gõ lại nội dung.",
        )
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = unicodedata.normalize("NFC", NOT_XML.sub("", str(cell)))
    # Carriage returns come in two forms: as they are, and as Excel escapes them.
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


@dataclass(frozen=True)
class Words:
    """Text as it is."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002 - one signature for all forms
        """The text."""
        return str(value)

    def read(self, cell: Cell, names: Names) -> str:  # noqa: ARG002
        """The text; what a spreadsheet would run as a formula is refused."""
        text = text_of(cell)
        if _FORMULA.match(text):
            raise CellError(
                "Nội dung bắt đầu như một công thức.",
                "Bỏ dấu “=”, “@”, “+” hoặc “-” ở đầu ô.",
            )
        return text


@dataclass(frozen=True)
class Number:
    """A decimal: a number cell, or text such as ``2.530.000`` or ``4,5``. In JSON it is text."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """A number where that loses nothing, else its digits."""
        return _number_cell(Decimal(value))

    def read(self, cell: Cell, names: Names) -> str:  # noqa: ARG002
        """The digits as JSON has them, with a point."""
        return format(_number(cell), "f")


@dataclass(frozen=True)
class Whole:
    """A whole number such as an age."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The number."""
        return int(value)

    def read(self, cell: Cell, names: Names) -> int:  # noqa: ARG002
        """The number, if it is whole."""
        number = _number(cell)
        if number != int(number):
            raise CellError("Cần một số nguyên.", "Ghi số không có phần lẻ, ví dụ 16.")
        return int(number)


@dataclass(frozen=True)
class Day:
    """A day: a date cell, or text such as 01/07/2026."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The date."""
        return dt.date.fromisoformat(value)

    def read(self, cell: Cell, names: Names) -> str:  # noqa: ARG002
        """The day as JSON has it (ISO 8601)."""
        if isinstance(cell, dt.datetime):
            return cell.date().isoformat()
        if isinstance(cell, dt.date):
            return cell.isoformat()
        given = str(cell).strip()
        try:
            if found := _DAY.fullmatch(given):
                return dt.date(int(found[3]), int(found[2]), int(found[1])).isoformat()
            return dt.date.fromisoformat(given).isoformat()
        except ValueError:
            raise CellError("Không phải một ngày.", "Ghi ngày/tháng/năm, ví dụ 01/07/2026.") from None


@dataclass(frozen=True)
class YesNo:
    """Có or không."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The word."""
        return _YES if value else _NO

    def read(self, cell: Cell, names: Names) -> bool:  # noqa: ARG002
        """Whether it says so."""
        word = cell if isinstance(cell, bool) else text_of(cell).lower()
        if word in {True, _YES, "x", "true"}:
            return True
        if word in {False, _NO, "false"}:
            return False
        raise CellError("Ô này chỉ ghi “có” hoặc “không”.", "Chọn “có” hoặc “không”.")


@dataclass(frozen=True)
class OneOf:
    """One of a fixed list, by its Vietnamese word."""

    words: Mapping[str, str]

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The word."""
        return self.words[value]

    def read(self, cell: Cell, names: Names) -> str:  # noqa: ARG002
        """The value of the word, or of the value itself."""
        given = text_of(cell).lower()
        for value, word in self.words.items():
            if given in {value.lower(), word.lower()}:
                return value
        raise CellError("Không có trong danh sách.", f"Chọn một trong: {'; '.join(self.words.values())}.")


@dataclass(frozen=True)
class Reference:
    """Another unit: its name and, in brackets, its id."""

    kind: Kind

    def show(self, value: Any, names: Names) -> Cell:
        """``Lương cơ sở [luong_co_so]``."""
        return names.shown(self.kind, value)

    def read(self, cell: Cell, names: Names) -> str:
        """The id; a name alone will do where only one unit has it."""
        found = names.found(self.kind, text_of(cell))
        if len(found) > 1:
            raise CellError("Có nhiều mục cùng tên này.", f"Ghi kèm mã: {'; '.join(found)}.")
        return found[0]


@dataclass(frozen=True)
class Lines:
    """A list of texts, one to a line."""

    item: Form = Words()

    def show(self, value: Any, names: Names) -> Cell:
        """The lines."""
        return "\n".join(str(self.item.show(each, names)) for each in value)

    def read(self, cell: Cell, names: Names) -> list[Any]:
        """What each line says that is not empty."""
        return [self.item.read(line, names) for line in _lines(cell)]


@dataclass(frozen=True)
class Citation:
    """``188/2025/NĐ-CP | Điều 3``: a document's number, and where in it."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The number, with the article behind a stroke."""
        return f"{value['document']} | {value['article']}" if value.get("article") else str(value["document"])

    def read(self, cell: Cell, names: Names) -> dict[str, str]:  # noqa: ARG002
        """Document and, where given, article."""
        document, _, article = (part.strip() for part in text_of(cell).partition("|"))
        if not document:
            raise CellError("Thiếu số hiệu văn bản.", "Ghi số hiệu | điều, ví dụ 188/2025/NĐ-CP | Điều 3.")
        return {"document": document, "article": article} if article else {"document": document}


@dataclass(frozen=True)
class Scalar:
    """A value of any type: có, không, a number, a word, or one to a line where several are meant.

    A word that would be read as something else stands in quotes.
    """

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The value; a list as lines."""
        if isinstance(value, list):
            return "\n".join(str(_scalar_cell(each)) for each in value) or "[]"
        return _scalar_cell(value)

    def read(self, cell: Cell, names: Names) -> Any:  # noqa: ARG002
        """The value; several lines are a list, of which one line alone cannot be told."""
        if cell == "[]":
            return []
        if isinstance(cell, str) and len(lines := _lines(cell)) > 1:
            return [str(_scalar(line)) if line.startswith('"') else line for line in lines]
        return _scalar(cell)


@dataclass(frozen=True)
class Settles:
    """What facts an answer settles: ``farming = có``, one to a line."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The lines."""
        return "\n".join(f"{fact} = {_scalar_cell(settled)}" for fact, settled in value.items())

    def read(self, cell: Cell, names: Names) -> dict[str, Any]:  # noqa: ARG002
        """By fact what holds."""
        mend = "Mỗi dòng ghi: mã thông tin = giá trị, ví dụ farming = có."
        return dict(_pair(line, mend) for line in _lines(cell))


@dataclass(frozen=True)
class Implies:
    """What follows from a choice: ``student: is_student = có``, one to a line."""

    def show(self, value: Any, names: Names) -> Cell:  # noqa: ARG002
        """The lines."""
        return "\n".join(
            f"{choice}: {fact} = {_scalar_cell(settled)}"
            for choice, facts in value.items()
            for fact, settled in facts.items()
        )

    def read(self, cell: Cell, names: Names) -> dict[str, dict[str, Any]]:  # noqa: ARG002
        """By choice and fact what holds."""
        mend = "Mỗi dòng ghi: mã lựa chọn: mã thông tin = giá trị, ví dụ student: is_student = có."
        implied: dict[str, dict[str, Any]] = {}
        for line in _lines(cell):
            choice, _, rest = line.partition(":")
            fact, settled = _pair(rest, mend)
            implied.setdefault(choice.strip(), {})[fact] = settled
        return implied


def _lines(cell: Cell) -> list[str]:
    return [line.strip() for line in text_of(cell).split("\n") if line.strip()]


def _pair(line: str, mend: str) -> tuple[str, Any]:
    name, found, value = (part.strip() for part in line.partition("="))
    if not (name and found and value):
        raise CellError(f"Dòng “{line.strip()}” không đúng dạng.", mend)
    return name, _scalar(value)


def _number(cell: Cell) -> Decimal:
    mend = "Ghi số không kèm đơn vị, ví dụ 2530000 hoặc 2.530.000; số lẻ ghi 4,5."
    if isinstance(cell, bool | dt.date):
        raise CellError("Cần một con số.", mend)
    given = repr(cell) if isinstance(cell, float) else str(cell).strip().replace("\xa0", "").replace(" ", "")
    if isinstance(cell, str):
        if _THOUSANDS.fullmatch(given):
            given = given.replace(".", "").replace(",", ".")
        elif _PLAIN.fullmatch(given):
            given = given.replace(",", ".")
        else:
            raise CellError("Cần một con số.", mend)
    try:
        number = Decimal(given)
    except InvalidOperation:
        raise CellError("Cần một con số.", mend) from None
    if not number.is_finite():
        raise CellError("Cần một con số.", mend)
    return number


def _number_cell(number: Decimal) -> Cell:
    # A spreadsheet keeps 15 digits.
    if len(number.normalize().as_tuple().digits) <= 15 and abs(number) < 10**15:
        return int(number) if number == int(number) else float(number)
    return format(number, "f").replace(".", ",")


def _scalar_cell(value: Any) -> Cell:
    """A value that is no list, so that it reads back as what it is."""
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, dict):
        return _number_cell(Decimal(value["decimal"]))
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    text = str(value)
    return text if _is_clear(text) else json.dumps(text, ensure_ascii=False)


def _is_clear(text: str) -> bool:
    """Whether a word is read as itself, with nothing around it."""
    if not text or text != text_of(text) or "\n" in text or text.startswith("["):
        return False
    try:
        return bool(_scalar(text) == text)
    except CellError:
        return False


def _scalar(cell: Cell) -> Any:
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else {"decimal": repr(cell)}
    text = text_of(cell)
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        try:
            return str(json.loads(text))
        except ValueError:
            raise CellError("Dấu ngoặc kép không khớp.", "Bỏ dấu ngoặc kép ở đầu và cuối.") from None
    if text.lower() in {_YES, _NO}:
        return text.lower() == _YES
    if _WHOLE.fullmatch(text):
        return int(text)
    if _THOUSANDS.fullmatch(text) or _DECIMAL.fullmatch(text):
        number = _number(text)
        return int(number) if number == int(number) else {"decimal": format(number, "f")}
    if _FORMULA.match(text):
        raise CellError("Nội dung bắt đầu như một công thức.", "Bỏ dấu “=”, “@”, “+” hoặc “-” ở đầu ô.")
    return text
