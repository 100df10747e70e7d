"""Fields of forms for days, figures and documents, written the way officers write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import phonenumbers
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import DateInput

from bot.knowledge.domain import LegalDocument
from bot.knowledge.wording import number_text
from bot.text.fold import fold
from bot.text.numbers import DIGITS, parse_digits

_LONGEST_TITLE = 90
_SHORT_NUMBER = re.compile(r"1\d{2,3}")
_DIALLED = re.compile(r"[+\d][\d .()-]*")


class DayField(StringField):
    """A day; ``data`` is a ``date`` or ``None``. Browsers without a calendar let one type 01/01/2027."""

    widget = DateInput()
    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read either form; raises what is wrong with another."""
        written = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not written:
            return
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                self.data = dt.datetime.strptime(written, form).replace(tzinfo=dt.timezone.utc).date()
            except ValueError:
                continue
            return
        raise ValueError(f"Ngày phải ghi dạng ngày/tháng/năm, ví dụ 01/01/2027. Đã nhập: {written}.")

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""


class FigureField(StringField):
    """A number; ``data`` is a ``Decimal`` or ``None``. "2.530.000" is thousands, "4,5" has a decimal."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number; raises what is wrong with what is none."""
        self._written = " ".join((valuelist[0] if valuelist else "").split())
        self.data = None
        if not self._written:
            return
        if not re.fullmatch(DIGITS, self._written):
            raise ValueError(f"Cần một con số, ví dụ 2.530.000 hoặc 4,5. Đã nhập: {self._written}.")
        self.data = parse_digits(self._written)

    def _value(self) -> str:
        return figure(self.data) if self.data is not None else getattr(self, "_written", "")


class LinesField(TextAreaField):
    """Several texts, one on each line; ``data`` is a list."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Leave out empty lines."""
        lines = (" ".join(line.split()) for line in (valuelist[0] if valuelist else "").splitlines())
        self.data = [line for line in lines if line]

    def _value(self) -> str:
        return "\n".join(self.data or ())


def figure(number: Decimal) -> str:
    """A number as officers write it: "2.530.000", "4,5"."""
    whole, comma, rest = number_text(number).partition(",")
    return f"{int(whole):,}".replace(",", ".") + comma + rest


def choices_by_name(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """Rows with ``id`` and ``name`` to choose from, as a dictionary orders them."""
    return sorted(((each.id, each.name) for each in rows), key=lambda each: fold(each[1]))


def document_choices(documents: Iterable[LegalDocument]) -> list[tuple[str, str]]:
    """Documents to choose from, the newest first, after the choice of none."""
    newest = sorted(documents, key=lambda each: (each.issued or dt.date.min, each.number), reverse=True)
    return [("", "– chọn văn bản –"), *((each.number, _called(each)) for each in newest)]


def not_before(first: DayField, last: DayField) -> None:
    """Refuse a last day before the first."""
    if first.data and last.data and last.data < first.data:
        raise ValidationError(f"Ngày cuối ({last.data:%d/%m/%Y}) đứng trước ngày đầu ({first.data:%d/%m/%Y}).")


def telephone(_form: Form, field: StringField) -> None:
    """Refuse what nobody in Việt Nam can dial; several numbers stand apart by commas."""
    wrong = next((each for each in (field.data or "").split(",") if not _can_be_dialled(each.strip())), None)
    if wrong is not None:
        raise ValidationError(f"Cần số điện thoại gọi được, ví dụ 0235 3852 123, 1900 6363 hoặc 113. Đã nhập: {wrong}.")


def _can_be_dialled(number: str) -> bool:
    # The library knows few of the country's short numbers: 113, but not 111 or 1022.
    if _SHORT_NUMBER.fullmatch(number):
        return True
    try:
        parsed = phonenumbers.parse(number, "VN")
        return bool(_DIALLED.fullmatch(number)) and phonenumbers.is_valid_number_for_region(parsed, "VN")
    except phonenumbers.NumberParseException:
        return False


def _called(document: LegalDocument) -> str:
    title = document.title
    return f"{document.number} – {title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + '…'}"
