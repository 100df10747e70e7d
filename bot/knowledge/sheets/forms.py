"""The sheets of the workbook: which columns tell a unit, and which further sheets hold its parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.knowledge import words
from bot.knowledge.editing.units import KINDS, Kind
from bot.knowledge.sheets.cells import (
    Citation,
    Day,
    Form,
    Implies,
    Lines,
    Number,
    OneOf,
    Reference,
    Scalar,
    Settles,
    Whole,
    Words,
    YesNo,
)

TEXT, DAY, NUMBER, WHOLE, YES_NO, LINES = Words(), Day(), Number(), Whole(), YesNo(), Lines()


@dataclass(frozen=True)
class Column:
    """A field of the row under a Vietnamese title; ``default`` is shown where the row leaves the field out."""

    title: str
    field: str
    form: Form = TEXT
    width: int = 24
    default: Any = None


@dataclass(frozen=True)
class Part:
    """A sheet with the items of one list field; ``wrap`` names the only column where items are bare values."""

    title: str
    field: str
    keys: tuple[Column, ...]
    columns: tuple[Column, ...]
    wrap: str | None = None


@dataclass(frozen=True)
class Table:
    """The sheet of a kind of units, a row each, and the sheets of their parts."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    parts: tuple[Part, ...] = ()

    def key_of(self, flat: Mapping[str, Any]) -> str:
        """The unit's key, as :func:`bot.knowledge.editing.units.key_of_row` has it."""
        return "/".join(str(flat.get(name, "")) for name in KINDS[self.kind].row_names)

    @property
    def titles(self) -> dict[str, str]:
        """What each field is called in the sheets."""
        columns = [*self.columns, *(column for part in self.parts for column in part.columns)]
        return {column.field: column.title for column in columns} | {part.field: part.title for part in self.parts}


REMOVE = "Bỏ (ghi x)"
"""The column that marks a unit to be taken away."""
VERSION = "Phiên bản (không sửa)"
"""The hidden column with what a row was exported as."""

_EVIDENCE = Column("Nguồn", "evidence", OneOf(words.EVIDENCE), 18)
_OWN_EVIDENCE = Column("Nguồn riêng", "evidence", OneOf(words.EVIDENCE), 18)
_OWN_BASIS = Column("Căn cứ riêng (số hiệu | điều)", "legal_basis", Citation(), 30)
_BASES = Column("Căn cứ (mỗi dòng: số hiệu | điều)", "legal_basis", Lines(Citation()), 34)
_FROM = Column("Áp dụng từ", "applies_from", DAY, 14)
_TO = Column("Đến hết ngày", "applies_to", DAY, 14)
_OFFICE = Column("Cơ quan", "office", Reference(Kind.OFFICE), 30)
_TOPIC = Column("Chủ đề", "topic", Reference(Kind.TOPIC), 30)
_PROVISION = (
    Column("Chương trình", "program", Reference(Kind.PROGRAM), 34),
    Column("Mã quy định", "key", width=22),
)

LEGAL_DOCUMENTS = Table(
    Kind.LEGAL_DOCUMENT,
    "Văn bản",
    (
        Column("Số hiệu", "number", width=26),
        Column("Tên văn bản", "title", width=60),
        Column("Cơ quan ban hành", "issuer", width=28),
        Column("Ngày ban hành", "issued", DAY, 14),
        Column("Hiệu lực từ", "effective_from", DAY, 14),
        Column("Hết hiệu lực sau ngày", "effective_to", DAY, 14),
        Column("Được thay bằng", "replaced_by", width=26),
        Column("Địa chỉ trên mạng", "url", width=40),
    ),
)
PARAMETERS = Table(
    Kind.PARAMETER,
    "Tham số",
    (Column("Mã", "id", width=30), Column("Tên", "name", width=60), Column("Đơn vị", "unit", width=20)),
)
VALUES = Table(
    Kind.PARAMETER_VALUE,
    "Giá trị",
    (
        Column("Tham số", "parameter", Reference(Kind.PARAMETER), 50),
        _FROM,
        _TO,
        Column("Giá trị", "amount", NUMBER, 16),
        Column("Căn cứ (số hiệu | điều)", "legal_basis", Citation(), 34),
        _EVIDENCE,
    ),
)
OFFICES = Table(
    Kind.OFFICE,
    "Cơ quan",
    (
        Column("Mã", "id", width=24),
        Column("Tên", "name", width=40),
        Column("Giới thiệu", "description", width=60),
        Column("Điện thoại", "phone", width=18),
        _EVIDENCE,
    ),
)
TOPICS = Table(
    Kind.TOPIC,
    "Chủ đề",
    (
        Column("Mã", "id", width=26),
        Column("Tên", "name", width=40),
        _OFFICE,
        Column("Từ khoá (mỗi dòng một từ)", "keywords", LINES, 34),
    ),
    (
        Part(
            "Cách hỏi theo chủ đề",
            "phrasings",
            (Column("Chủ đề", "id", Reference(Kind.TOPIC), 34),),
            (Column("Câu người dân hay hỏi", "text", width=90),),
            wrap="text",
        ),
    ),
)
FACTS = Table(
    Kind.CITIZEN_FACT,
    "Thông tin",
    (
        Column("Mã", "id", width=26),
        Column("Tên", "label", width=40),
        Column("Loại", "type", OneOf(words.FACT_TYPE), 16),
        Column("Của ai", "scope", OneOf(words.SCOPE), 14),
        Column("Câu hỏi người dân", "question", width=60),
        Column("Giải thích thêm", "help", width=40),
        Column("Cách nói (mỗi dòng một)", "phrases", LINES, 30),
        Column("Cách nói không phải (mỗi dòng một)", "negative_phrases", LINES, 30),
        Column("Kéo theo (mã lựa chọn: mã thông tin = giá trị)", "implies", Implies(), 40),
        Column("Được hỏi", "askable", YES_NO, 10, default=True),
        Column("Nhạy cảm", "sensitive", YES_NO, 10, default=False),
        Column("Chỉ hỏi từ tuổi", "min_age", WHOLE, 10),
        Column("Chỉ hỏi đến tuổi", "max_age", WHOLE, 10),
        Column("Ngoài tuổi đó là", "otherwise", Scalar(), 16),
    ),
    (
        Part(
            "Lựa chọn",
            "choices",
            (Column("Thông tin", "id", Reference(Kind.CITIZEN_FACT), 36),),
            (
                Column("Mã lựa chọn", "id", width=24),
                Column("Tên lựa chọn", "label", width=40),
                Column("Cách nói (mỗi dòng một)", "phrases", LINES, 30),
                Column("Chọn thì (mã thông tin = giá trị)", "when", Settles(), 36),
                Column("Không chọn thì (mã thông tin = giá trị)", "unless", Settles(), 36),
            ),
        ),
    ),
)
PROGRAMS = Table(
    Kind.PROGRAM,
    "Chương trình",
    (
        Column("Mã", "id", width=34),
        Column("Tên gọi ngắn", "short_name", width=34),
        Column("Tên đầy đủ", "name", width=50),
        Column("Tóm tắt", "summary", width=60),
        _TOPIC,
        Column("Xét cho", "scope", OneOf(words.SCOPE), 14),
        Column("Từ khoá (mỗi dòng một từ)", "keywords", LINES, 30),
        _OFFICE,
        Column("Có trong sàng lọc", "screened", YES_NO, 12, default=True),
        Column("Phép tính", "calculator", OneOf(words.CALCULATOR), 26),
    ),
)
PROVISIONS = Table(
    Kind.PROVISION,
    "Quy định",
    (
        *_PROVISION,
        Column("Tình trạng", "state", OneOf(words.STATE), 16),
        _FROM,
        _TO,
        _BASES,
        _EVIDENCE,
        Column("Nói với người dân khi hết hạn hoặc chưa công bố", "note", width=50),
    ),
    (
        Part(
            "Điều kiện",
            "criteria",
            _PROVISION,
            (
                Column("Nhóm (để trống: điều kiện chung)", "group", width=20),
                Column("Tên nhóm", "group_label", width=34),
                Column("Nội dung", "label", width=44),
                Column("Thông tin", "fact", Reference(Kind.CITIZEN_FACT), 34),
                Column("So sánh", "op", OneOf(words.OPERATOR), 18),
                Column("Giá trị (mỗi dòng một)", "value", Scalar(), 22),
                Column("Tham số", "parameter", Reference(Kind.PARAMETER), 34),
                Column("Hệ số", "factor", NUMBER, 10),
                _OWN_BASIS,
                _OWN_EVIDENCE,
            ),
        ),
        Part(
            "Quyền lợi",
            "benefits",
            _PROVISION,
            (
                Column("Tên", "label", width=40),
                Column("Số tiền", "amount", NUMBER, 16),
                Column("Tham số", "parameter", Reference(Kind.PARAMETER), 34),
                Column("Hệ số", "factor", NUMBER, 10),
                Column("Phần trăm", "percent", NUMBER, 12),
                Column("Phần trăm của", "of", width=26),
                Column("Bằng lời", "text", width=44),
                Column("Đơn vị", "unit", width=20),
                Column("Kỳ", "period", OneOf(words.PERIOD), 14),
                Column("Ít nhất", "at_least", YES_NO, 10, default=False),
                Column("Nhiều nhất", "at_most", YES_NO, 10, default=False),
                Column("Chỉ cho nhóm (mỗi dòng một mã)", "groups", LINES, 24),
                _OWN_BASIS,
                _OWN_EVIDENCE,
            ),
        ),
        Part(
            "Giấy tờ",
            "documents",
            _PROVISION,
            (
                Column("Tên giấy tờ", "name", width=50),
                Column("Ghi chú", "note", width=44),
                Column("Mẫu", "form", width=26),
                _OWN_EVIDENCE,
            ),
        ),
        Part(
            "Các bước",
            "steps",
            _PROVISION,
            (
                Column("Việc cần làm", "text", width=60),
                Column("Ở đâu", "where", width=34),
                Column("Cách nộp", "how", width=30),
                Column("Thời hạn", "time_limit", width=26),
                Column("Lệ phí", "fee", width=16),
                Column("Địa chỉ trên mạng", "url", width=36),
                _OWN_EVIDENCE,
            ),
        ),
    ),
)
FAQ = Table(
    Kind.FAQ,
    "FAQ",
    (
        Column("Mã (để trống khi thêm mới)", "id", width=26),
        Column("Câu hỏi", "question", width=50),
        Column("Câu trả lời", "answer", width=80),
        Column("Cách hỏi khác (mỗi dòng một, ít nhất ba)", "phrasings", LINES, 50),
        _TOPIC,
        Column("Chương trình", "program", Reference(Kind.PROGRAM), 34),
        Column("Hỏi về", "aspect", OneOf(words.ASPECT), 16),
        _BASES,
        _EVIDENCE,
        _FROM,
        _TO,
    ),
)
COMMUNES = Table(
    Kind.COMMUNE,
    "Xã phường",
    (
        Column("Mã", "code", width=10),
        Column("Tên", "name", width=26),
        Column("Loại", "kind", OneOf(words.COMMUNE), 12),
        Column("Khu vực", "area", OneOf(words.AREA), 14),
        Column("Miền núi", "mountainous", YES_NO, 10),
        Column("Hải đảo", "island", YES_NO, 10),
        Column("Xếp loại", "region_class", OneOf(words.REGION), 14),
        Column("Tên cũ (mỗi dòng một)", "old_names", LINES, 30),
        Column("Huyện cũ", "old_district", width=26),
        Column("Tỉnh cũ", "old_province", OneOf(words.PROVINCE), 14),
    ),
)
TABLES: Sequence[Table] = (
    FAQ,
    LEGAL_DOCUMENTS,
    PARAMETERS,
    VALUES,
    PROGRAMS,
    PROVISIONS,
    FACTS,
    TOPICS,
    OFFICES,
    COMMUNES,
)
"""All sheets, in the order of the workbook."""


def to_flat(kind: Kind, content: Mapping[str, Any]) -> dict[str, Any]:
    """A unit's JSON as the sheets cut it: the criteria of a provision are one list, each with its group."""
    flat = {name: value for name, value in content.items() if value is not None}
    if kind is Kind.PROVISION:
        common, groups = flat.pop("common", []), flat.pop("groups", [])
        flat["criteria"] = [
            *common,
            *(
                {"group": group["key"], "group_label": group["label"], **criterion}
                for group in groups
                for criterion in group["criteria"]
            ),
        ]
    return flat


def from_flat(table: Table, flat: Mapping[str, Any]) -> dict[str, Any]:
    """The unit's JSON again."""
    content = {name: value for name, value in flat.items() if value is not None}
    for part in table.parts:
        if part.wrap is not None and part.field in content:
            content[part.field] = [
                item.get(part.wrap) if isinstance(item, dict) else item for item in content[part.field]
            ]
    if table.kind is not Kind.PROVISION:
        return content
    groups: dict[str, dict[str, Any]] = {}
    for each in content.pop("criteria", []):
        criterion = _with_list(each)
        key, label = criterion.pop("group", None), criterion.pop("group_label", None)
        if key is None:
            content.setdefault("common", []).append(criterion)
            continue
        group = groups.setdefault(key, {"key": key, "label": label, "criteria": []})
        group["label"] = group["label"] or label
        group["criteria"].append(criterion)
    if groups:
        content["groups"] = list(groups.values())
    return content


def _with_list(criterion: Mapping[str, Any]) -> dict[str, Any]:
    """The criterion with a list of one value where its operator wants a list."""
    made = dict(criterion)
    if made.get("op") in {"in", "not_in"} and "value" in made and not isinstance(made["value"], list):
        made["value"] = [str(made["value"])]
    return made
