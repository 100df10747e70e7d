"""The form of an FAQ entry: from a row of the schema to fields that officers fill in, and back."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from multidict import MultiDict
from wtforms import DateField, Form, SelectField, TextAreaField
from wtforms.validators import DataRequired, Optional, ValidationError

from bot.console.forms import composed
from bot.knowledge.domain import Aspect, Citation, Evidence, FaqEntry
from bot.knowledge.editing.faults import Fault
from bot.knowledge.editing.units import Content
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.words import ASPECT, EVIDENCE
from bot.text.fold import fold

MOST_WORDS = 120
LEAST_PHRASINGS = 3
_MISSING = "Hãy điền ô này."
_WRITING = {"hx-post": "/console/faq-check", "hx-target": "#warnings", "hx-trigger": "input changed delay:700ms"}


def _lines(value: str | None) -> str:
    """The lines that hold something, composed and trimmed."""
    return "\n".join(filter(None, map(composed, (value or "").splitlines())))


def _paragraphs(value: str | None) -> str:
    """Composed text with its line breaks, none at the ends."""
    text = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n")
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()


class Day(DateField):
    """A day; what is none is told in Vietnamese."""

    def process_formdata(self, valuelist: Any) -> None:
        """Read the day that the browser sends."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(f"Hãy chọn một ngày, ví dụ 01/07/2026. Đã nhập: “{valuelist[0]}”.") from None


class FaqForm(Form):
    """What an officer writes; citations are read beside it."""

    question = TextAreaField("Câu hỏi", [DataRequired(_MISSING)], filters=[composed], render_kw={"rows": 2, **_WRITING})
    phrasings = TextAreaField(
        "Những cách hỏi khác, mỗi dòng một cách",
        filters=[_lines],
        description=f"Ít nhất {LEAST_PHRASINGS} cách, viết như người dân hay nói, có thể không dấu.",
        render_kw={"rows": 6, **_WRITING},
    )
    answer = TextAreaField(
        "Câu trả lời",
        [DataRequired(_MISSING)],
        filters=[_paragraphs],
        description=f"Ngắn gọn, nhiều nhất {MOST_WORDS} chữ. Kết luận đứng trước.",
        render_kw={"rows": 8, **_WRITING},
    )
    topic = SelectField("Chủ đề", [DataRequired(_MISSING)])
    program = SelectField("Chương trình")
    aspect = SelectField("Hỏi về", choices=[*ASPECT.items()], default=Aspect.OTHER.value)
    evidence = SelectField(
        "Mức tin cậy",
        choices=[*EVIDENCE.items()],
        default=Evidence.TEXT.value,
        description="“Theo văn bản” nghĩa là đã đối chiếu với văn bản nêu ở phần căn cứ.",
    )
    applies_from = Day("Trả lời từ ngày (để trống: từ nay)", [Optional()])
    applies_to = Day("Trả lời đến hết ngày (để trống: không thời hạn)", [Optional()])

    def __init__(self, *args: Any, snapshot: Snapshot, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = sorted(snapshot.topics.values(), key=lambda each: fold(each.name))
        programs = sorted(snapshot.programs.values(), key=lambda each: fold(each.name))
        self.topic.choices = [("", "Chọn chủ đề"), *((each.id, each.name) for each in topics)]
        self.program.choices = [
            ("", "Không thuộc riêng chương trình nào"),
            *((each.id, each.name) for each in programs),
        ]

    def validate_phrasings(self, field: TextAreaField) -> None:
        """Too few ways of asking, and the assistant does not find the entry."""
        count = len((field.data or "").splitlines())
        if count < LEAST_PHRASINGS:
            raise ValidationError(f"Cần ít nhất {LEAST_PHRASINGS} cách hỏi khác, mỗi dòng một cách. Mới có {count}.")

    def validate_applies_to(self, field: DateField) -> None:
        """An end before the beginning is a slip."""
        if field.data and self.applies_from.data and field.data < self.applies_from.data:
            raise ValidationError(
                f"Ngày cuối phải không sớm hơn ngày đầu. Đã chọn {field.data:%d/%m/%Y}, "
                f"sớm hơn {self.applies_from.data:%d/%m/%Y}."
            )

    def content(self, key: str, cited: Sequence[Cited]) -> Content:
        """The row that the form says."""
        fields: Content = {
            "id": key,
            "topic": self.topic.data,
            "program": self.program.data or None,
            "aspect": self.aspect.data,
            "question": self.question.data,
            "phrasings": self.ways,
            "answer": self.answer.data,
            "legal_basis": [each.content() for each in cited],
            "evidence": self.evidence.data,
            "applies_from": _iso(self.applies_from.data),
            "applies_to": _iso(self.applies_to.data),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def entry(self, key: str, cited: Sequence[Cited]) -> FaqEntry:
        """What is written so far as an entry, whether it is complete or not."""
        return FaqEntry(
            id=key,
            topic=self.topic.data or "",
            aspect=Aspect(self.aspect.data) if self.aspect.data in ASPECT else Aspect.OTHER,
            question=self.question.data or "",
            phrasings=tuple(self.ways),
            answer=self.answer.data or "",
            legal_basis=tuple(Citation(each.document, each.article or None) for each in cited),
            evidence=Evidence.TEXT,
            program=self.program.data or None,
            applies_from=self.applies_from.data,
            applies_to=self.applies_to.data,
        )

    @property
    def ways(self) -> list[str]:
        """The other ways of asking."""
        return (self.phrasings.data or "").splitlines()

    @property
    def words(self) -> int:
        """Words of the answer, as spaces part them."""
        return len((self.answer.data or "").split())

    def show(self, faults: Sequence[Fault]) -> list[str]:
        """Put each fault at its field; returns those that belong to none."""
        others = []
        for fault in faults:
            field = self._fields.get(str(fault.field[0])) if fault.field else None
            if field is None:
                others.append(f"{fault.wrong} {fault.mend}")
            else:
                field.errors = [*field.errors, f"{fault.wrong} {fault.mend}"]
        return others


@dataclass(frozen=True)
class Cited:
    """A document that is cited, or offered to be."""

    document: str
    article: str = ""
    title: str = ""

    def content(self) -> Content:
        """The row of the schema."""
        return {"document": self.document, **({"article": self.article} if self.article else {})}


def fields_of(content: Content) -> dict[str, Any]:
    """What the form's fields show of a row."""
    return {
        **content,
        "phrasings": "\n".join(content.get("phrasings", ())),
        "program": content.get("program") or "",
        **{name: dt.date.fromisoformat(content[name]) for name in ("applies_from", "applies_to") if content.get(name)},
    }


def cited_in(content: Content, snapshot: Snapshot) -> list[Cited]:
    """The documents that a row cites."""
    return [
        Cited(each["document"], each.get("article") or "", _title(each["document"], snapshot))
        for each in content.get("legal_basis", ())
    ]


def cited_by(posted: MultiDict[str], snapshot: Snapshot) -> list[Cited]:
    """The documents ticked in the posted form: ``cite`` holds the places, ``document 1`` and ``article 1`` say what."""
    found = []
    for place in posted.getall("cite", []):
        document = composed(posted.get(f"document {place}"))
        if document:
            article = composed(posted.get(f"article {place}"))
            found.append(Cited(document, article, _title(document, snapshot)))
    return list(dict.fromkeys(found))


def _title(document: str, snapshot: Snapshot) -> str:
    return snapshot.documents[document].title if document in snapshot.documents else ""


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
