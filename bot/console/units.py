"""What rows of the policy tables, their fields and their values are called in the console."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from bot.console.diff import Mark, compared
from bot.console.fields import figure
from bot.console.provision_rows import rule
from bot.knowledge.editing.history import differences
from bot.knowledge.editing.units import FILE_FIELDS, KINDS, Content, Kind
from bot.knowledge.loading.problems import Location
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.wording import day_text, number_text
from bot.knowledge.words import (
    AREA,
    ASPECT,
    CALCULATOR,
    COMMUNE,
    EVIDENCE,
    FACT_TYPE,
    OPERATOR,
    PERIOD,
    REGION,
    SCOPE,
    STATE,
)
from bot.text.fold import fold

_VALUES: Mapping[str, Mapping[str, str]] = {
    "area": AREA,
    "aspect": ASPECT,
    "calculator": CALCULATOR,
    "evidence": EVIDENCE,
    "kind": COMMUNE,
    "op": OPERATOR,
    "period": PERIOD,
    "region_class": REGION,
    "scope": SCOPE,
    "state": STATE,
    "type": FACT_TYPE,
}
_FIELDS = {
    "amount": "Số tiền, mức",
    "answer": "Câu trả lời",
    "applies_from": "Áp dụng từ ngày",
    "applies_to": "Áp dụng đến hết ngày",
    "area": "Khu vực",
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
    "implies": "Kéo theo",
    "island": "Hải đảo",
    "issued": "Ngày ban hành",
    "issuer": "Cơ quan ban hành",
    "key": "Mã",
    "keywords": "Từ khoá",
    "kind": "Loại",
    "label": "Tên gọi",
    "legal_basis": "Căn cứ",
    "max_age": "Chỉ hỏi đến tuổi",
    "min_age": "Chỉ hỏi từ tuổi",
    "mountainous": "Miền núi",
    "name": "Tên",
    "negative_phrases": "Cách nói nghĩa là không",
    "note": "Ghi chú",
    "number": "Số hiệu",
    "of": "Phần trăm của",
    "office": "Nơi liên hệ",
    "old_district": "Huyện cũ",
    "old_names": "Tên cũ",
    "old_province": "Tỉnh cũ",
    "op": "So sánh",
    "otherwise": "Ngoài tuổi đó là",
    "parameter": "Tham số",
    "percent": "Phần trăm",
    "period": "Kỳ",
    "phone": "Điện thoại",
    "phrases": "Cách nói",
    "phrasings": "Cách hỏi khác",
    "program": "Chương trình",
    "question": "Câu hỏi",
    "region_class": "Xếp loại",
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
    "unless": "Không chọn thì",
    "url": "Địa chỉ trang",
    "value": "Giá trị",
    "when": "Chọn thì",
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

Parts = Mapping[str, str]
"""What parts of a unit that have a key are called, by that key."""

_NO_PARTS: Parts = {}
_KEYED = {"groups", "choices", "implies"}
_OF_FACTS = {"value", "when", "unless", "implies", "otherwise"}
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
    parts = _parts(before, after)
    return [
        ChangedField(
            field_of(each.field, snapshot, parts),
            compared(
                value_of(each.field, each.before, snapshot, parts), value_of(each.field, each.after, snapshot, parts)
            ),
        )
        for each in differences(before, after)
        if each.field != ("key",) and (each.field != ("id",) or kind in {Kind.PARAMETER, Kind.CITIZEN_FACT})
    ]


def field_of(way: Location, snapshot: Snapshot, parts: Parts = _NO_PARTS) -> str:
    """The field at the end of ``way`` as officers call it: "Căn cứ › 1 › Điều, khoản"."""

    def called(at: int, step: str) -> str:
        if at and way[at - 1] in _KEYED and step in parts:
            return parts[step]
        if step in _FIELDS:
            return _FIELDS[step]
        return snapshot.facts[step].label if step in snapshot.facts else _word(way[:at], step, snapshot)

    return " › ".join(str(step + 1) if isinstance(step, int) else called(at, step) for at, step in enumerate(way))


def value_of(way: Location, value: Any, snapshot: Snapshot, parts: Parts = _NO_PARTS) -> str:
    """A JSON value of the field at the end of ``way`` as officers read it."""
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case list():
            return ("\n" if any(isinstance(each, dict) for each in value) else " · ").join(
                value_of(way, each, snapshot, parts) for each in value
            )
        case {"decimal": str(number)}:
            return figure(Decimal(number))
        case {"fact": str(fact), "label": str(label), **rest}:
            # A criterion is what citizens hear of it, with the rule where the words do not say as much.
            judged = _rule(value, snapshot)
            said = label if fold(label) == fold(judged) else f"{label} (máy xét: {judged})"
            own = {name: each for name, each in rest.items() if name in {"legal_basis", "evidence"}}
            return "; ".join(filter(None, (said, value_of((*way, fact), own, snapshot, parts))))
        case {"label": str(label), "criteria": list(criteria)}:
            told = (f"– {value_of((*way, 'criteria'), each, snapshot, parts)}" for each in criteria)
            return "\n".join((f"{label}:", *told))
        case dict():
            return "; ".join(
                f"{field_of((*way, key), snapshot, parts).rpartition(' › ')[2]}: "
                f"{value_of((*way, key), each, snapshot, parts)}"
                for key, each in value.items()
                if key not in {"key", "id"}
            )
        case _:
            return _word(way, str(value), snapshot, parts)


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


def _parts(*contents: Content | None) -> Parts:
    """What the parts of a unit are called that have a key: its groups of criteria, its choices."""
    return {
        row[key]: row["label"]
        for content in contents
        for name, key in (("groups", "key"), ("choices", "id"))
        for row in (content or {}).get(name, ())
    }


def _rule(criterion: Content, snapshot: Snapshot) -> str:
    """How a criterion is judged; empty for one that makes no sense, which a fault tells."""
    try:
        return rule(criterion, snapshot)
    except (ArithmeticError, LookupError, ValueError):
        return ""


def _word(way: Location, value: str, snapshot: Snapshot, parts: Parts = _NO_PARTS) -> str:
    """A word of the field that ``way`` leads to."""
    name = next((step for step in reversed(way) if isinstance(step, str) and step in _FIELDS), "")
    if name == "groups" and value in parts:
        return parts[value]
    if name in _OF_FACTS:
        return _choice(way, value, snapshot) or _name("commune", value, snapshot)
    return _simple(name, value, snapshot)


def _choice(way: Location, value: str, snapshot: Snapshot) -> str | None:
    """What the choice ``value`` of the fact that ``way`` leads through is called."""
    facts = (snapshot.facts[step] for step in reversed(way) if isinstance(step, str) and step in snapshot.facts)
    return next((choice.label for fact in facts for choice in fact.choices if choice.id == value), None)


def _simple(name: str, value: str, snapshot: Snapshot) -> str:
    if _DAY.fullmatch(value):
        # Words of an officer's own may look like a day that is none: "2026-02-30".
        with contextlib.suppress(ValueError):
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
