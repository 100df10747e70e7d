"""What rows of the policy tables, their fields and their values are called in the console."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from bot.console.diff import Mark, compared
from bot.knowledge.editing.history import differences
from bot.knowledge.editing.units import FILE_FIELDS, KINDS, Content, Kind
from bot.knowledge.loading.problems import Location
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import day_text, number_text
from bot.knowledge.words import ASPECT, CALCULATOR, EVIDENCE, FACT_TYPE, OPERATOR, PERIOD, SCOPE, STATE

_VALUES: Mapping[str, Mapping[str, str]] = {
    "aspect": ASPECT,
    "calculator": CALCULATOR,
    "evidence": EVIDENCE,
    "op": OPERATOR,
    "period": PERIOD,
    "scope": SCOPE,
    "state": STATE,
    "type": FACT_TYPE,
}
_FIELDS = {
    "amount": "Số tiền, mức",
    "answer": "Câu trả lời",
    "applies_from": "Áp dụng từ ngày",
    "applies_to": "Áp dụng đến hết ngày",
    "article": "Điều, khoản",
    "aspect": "Khía cạnh",
    "at_least": "Ít nhất",
    "at_most": "Nhiều nhất",
    "benefits": "Mức hưởng",
    "calculator": "Cách tính",
    "askable": "Được hỏi người dân",
    "choices": "Câu trả lời để chọn",
    "common": "Điều kiện chung",
    "criteria": "Điều kiện",
    "description": "Mô tả",
    "document": "Văn bản",
    "documents": "Giấy tờ",
    "effective_from": "Có hiệu lực từ ngày",
    "effective_to": "Hết hiệu lực sau ngày",
    "evidence": "Mức tin cậy",
    "fact": "Thông tin",
    "factor": "Hệ số",
    "fee": "Lệ phí",
    "form": "Mẫu",
    "groups": "Nhóm điều kiện",
    "help": "Giải thích",
    "how": "Cách nộp",
    "id": "Mã",
    "issued": "Ngày ban hành",
    "issuer": "Cơ quan ban hành",
    "key": "Mã",
    "keywords": "Từ khoá",
    "label": "Tên gọi",
    "legal_basis": "Căn cứ",
    "name": "Tên",
    "negative_phrases": "Cách nói nghĩa là không",
    "note": "Ghi chú",
    "number": "Số hiệu",
    "office": "Nơi liên hệ",
    "op": "So sánh",
    "parameter": "Tham số",
    "percent": "Phần trăm",
    "period": "Kỳ",
    "phone": "Điện thoại",
    "phrases": "Cách nói",
    "phrasings": "Cách hỏi khác",
    "program": "Chương trình",
    "question": "Câu hỏi",
    "replaced_by": "Được thay bằng",
    "scope": "Xét theo",
    "screened": "Xét khi rà soát",
    "sensitive": "Thông tin nhạy cảm",
    "short_name": "Tên ngắn",
    "state": "Tình trạng",
    "steps": "Các bước",
    "summary": "Tóm tắt",
    "text": "Nội dung",
    "time_limit": "Thời hạn",
    "title": "Tên văn bản",
    "topic": "Chủ đề",
    "type": "Loại",
    "unit": "Đơn vị",
    "url": "Địa chỉ trang",
    "value": "Giá trị",
    "where": "Nơi nộp",
}
PAGES: Mapping[Kind, str] = {
    Kind.FAQ: "/faq/{}/edit",
    Kind.LEGAL_DOCUMENT: "/documents/{}/edit",
    Kind.PARAMETER_VALUE: "/values/{}/edit",
    Kind.PROVISION: "/provisions/{}/edit",
    Kind.PROGRAM: "/programs/{}/edit",
    Kind.CITIZEN_FACT: "/facts/{}/edit",
    Kind.PARAMETER: "/parameters/{}/edit",
    Kind.OFFICE: "/offices/{}/edit",
    Kind.TOPIC: "/topics/{}/edit",
}
"""Where units of a kind are edited, with {} for the key."""

_AUDITED = {name: kind for kind, name in FILE_FIELDS.items()}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class ChangedField:
    """A field of a unit, and its words: those that stayed, went and came, in order."""

    field: str
    parts: Sequence[tuple[Mark, str]]


def changed(kind: Kind, before: Content | None, after: Content | None, snapshot: Snapshot) -> list[ChangedField]:
    """The fields in which two versions of a unit differ, in words."""
    return [
        ChangedField(
            field_of(each.field, snapshot),
            compared(value_of(each.field, each.before, snapshot), value_of(each.field, each.after, snapshot)),
        )
        for each in differences(before, after)
        if each.field != ("id",) or kind in {Kind.PARAMETER, Kind.CITIZEN_FACT}
    ]


def field_of(way: Location, snapshot: Snapshot) -> str:
    """The field at the end of ``way`` as officers call it: "Căn cứ › 1 › Điều, khoản"."""

    def called(step: str) -> str:
        return _FIELDS.get(step) or (snapshot.facts[step].label if step in snapshot.facts else step)

    return " › ".join(str(step + 1) if isinstance(step, int) else called(step) for step in way)


def value_of(way: Location, value: Any, snapshot: Snapshot) -> str:
    """A JSON value of the field at the end of ``way`` as officers read it."""
    name = next((step for step in reversed(way) if isinstance(step, str) and step in _FIELDS), "")
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case list():
            return ("\n" if any(isinstance(each, dict) for each in value) else " · ").join(
                value_of(way, each, snapshot) for each in value
            )
        case dict():
            # A criterion is named by its fact, here as in a way that leads into it.
            row = (*way, value["fact"]) if "fact" in value else way
            return "; ".join(
                f"{_FIELDS.get(key, key)}: {value_of((*row, key), each, snapshot)}" for key, each in value.items()
            )
        case _:
            return (_choice(way, str(value), snapshot) if name == "value" else None) or _simple(
                name, str(value), snapshot
            )


def title_of(kind: Kind, key: str, content: Content | None, snapshot: Snapshot) -> str:
    """What an officer calls the unit; ``content`` is what the draft or the table says of it, if anything."""
    said = content or {}
    for name in ("question", "name", "label"):
        if kind not in {Kind.PARAMETER_VALUE, Kind.PROVISION, Kind.LEGAL_DOCUMENT} and said.get(name):
            return str(said[name])
    first, _, rest = key.partition("/")
    match kind:
        case Kind.LEGAL_DOCUMENT:
            title = said.get("title") or (snapshot.documents[key].title if key in snapshot.documents else "")
            return f"{key} – {title}" if title else key
        case Kind.PARAMETER_VALUE:
            return f"{_name('parameter', first, snapshot)} từ {day_text(dt.date.fromisoformat(rest))}"
        case Kind.PROVISION:
            known = snapshot.programs[first].provisions if first in snapshot.programs else ()
            begin = said.get("applies_from") or next((str(each.applies_from) for each in known if each.key == rest), "")
            since = f" từ {day_text(dt.date.fromisoformat(begin))}" if begin else f" ({rest})"
            return f"{_name('program', first, snapshot)}: quy định{since}"
        case Kind.FAQ:
            return snapshot.faqs[key].question if key in snapshot.faqs else key
        case _:
            return _name(kind.value, key, snapshot)


def unit_of(row: str) -> tuple[Kind, str]:
    """The unit that an audit means by the way to a row, such as ``programs › bhyt_ho_ngheo › 2025-07``."""
    name, key, *rest = row.split(" › ")
    kind = _AUDITED[name]
    return (Kind.PROVISION, f"{key}/{rest[0]}") if kind is Kind.PROGRAM and rest else (kind, key)


def page_of(kind: Kind, key: str, change_set: int | None = None) -> str | None:
    """The path of the page that edits the unit, as drafted in ``change_set`` if given; not every kind has one."""
    if kind not in PAGES:
        return None
    return PAGES[kind].format(quote(key, safe="")) + ("" if change_set is None else f"?in={change_set}")


def kind_of(kind: Kind) -> str:
    """The kind of unit: "Câu hỏi thường gặp"."""
    return KINDS[kind].called.capitalize()


def _choice(way: Location, value: str, snapshot: Snapshot) -> str | None:
    """What the choice ``value`` of the fact that ``way`` leads through is called."""
    facts = (snapshot.facts[step] for step in reversed(way) if isinstance(step, str) and step in snapshot.facts)
    return next((choice.label for fact in facts for choice in fact.choices if choice.id == value), None)


def _simple(name: str, value: str, snapshot: Snapshot) -> str:
    if _DAY.fullmatch(value):
        return day_text(dt.date.fromisoformat(value))
    if name == "amount" and _AMOUNT.fullmatch(value):
        amount = Decimal(value)
        return f"{int(amount):,}".replace(",", ".") if amount == int(amount) and amount >= 1000 else number_text(amount)
    return _VALUES.get(name, {}).get(value) or _name(name, value, snapshot)


def _name(name: str, key: str, snapshot: Snapshot) -> str:
    """What the row that ``key`` leads to is called, for fields that name another row."""
    match name:
        case "topic" if key in snapshot.topics:
            return snapshot.topics[key].name
        case "program" if key in snapshot.programs:
            return snapshot.programs[key].name
        case "parameter" if key in snapshot.parameters:
            return snapshot.parameters[key].name
        case "office" if key in snapshot.offices:
            return snapshot.offices[key].name
        case "fact" | "citizen_fact" if key in snapshot.facts:
            return snapshot.facts[key].label
        case "commune" if key in snapshot.communes:
            return snapshot.communes[key].name
    return key
