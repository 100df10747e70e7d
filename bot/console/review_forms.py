"""The forms of the review."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, Form, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from bot.console import review_words, targets
from bot.console.forms import composed, masked
from bot.console.listing.columns import text
from bot.conversation.figures.periods import YEARS, Period
from bot.conversation.report.words import Names
from bot.conversation.review.decisions import Kind, Verdict
from bot.knowledge.domain import Aspect
from bot.knowledge.snapshot import Snapshot

_MISSING = "Hãy điền ô này."
_CHOOSE = "Hãy chọn một mục."
_ASPECTS = [("", "– chọn –"), *((aspect, name) for aspect, name in review_words.ASPECTS.items())]


class Radios(RadioField):
    """One of several choices, all to be seen."""


class DecisionForm(Form):
    """What a reviewer decides; which fields count depends on ``kind``."""

    kind = Radios("Quyết định", [InputRequired(_CHOOSE)], choices=list(review_words.VERDICTS.items()))
    phrase = StringField(
        "Câu cần dạy (hoặc câu hỏi của mục mới)",
        filters=[composed],
        description="Câu điền sẵn là lời của người dân. Hãy gõ lại bằng lời chung, như ai cũng có thể hỏi; bỏ tên, nơi "
        "ở, số và mọi chi tiết cho biết ai đã hỏi. Câu này được giữ lại kể cả khi người hỏi xóa dữ liệu.",
    )
    check = StringField(
        "Câu kiểm tra, cùng ý nhưng nói cách khác",
        filters=[composed],
        description="Câu này không được dạy: nó dùng để thử lại xem trợ lý đã thật sự hiểu. Nó cũng được giữ lại, nên "
        "hãy gõ lại bằng lời chung như câu trên.",
    )
    find = StringField("Tìm mục đúng: chương trình, hỏi đáp hoặc lĩnh vực", filters=[composed])
    target = Radios("Câu này phải dẫn tới", [Optional()], validate_choice=False)
    aspect = SelectField("Người dân hỏi về", choices=_ASPECTS)
    topic = SelectField("Lĩnh vực của mục hỏi đáp mới")
    program = SelectField("Chương trình liên quan (mục hỏi đáp mới, hoặc chương trình có dữ liệu sai)")
    why = TextAreaField(
        "Vì sao quyết định như vậy",
        [InputRequired(_MISSING)],
        filters=[masked],
        description="Ghi ngắn gọn; người biên tập và người xem lại sau này sẽ đọc. Không ghi tên người hỏi.",
        render_kw={"rows": 3, "maxlength": 1000},
    )

    def __init__(self, *args: Any, snapshot: Snapshot, suggest: str, **kwargs: Any) -> None:
        names = Names.of(snapshot)
        super().__init__(*args, **kwargs)
        self.topic.choices = [("", "– chọn –"), *_by_name(dict(names.topics))]
        self.program.choices = [("", "– không –"), *_by_name(dict(names.programs))]
        found = targets.found(snapshot, self.find.data or suggest)
        chosen = targets.named(snapshot, self.target.data or "")
        if chosen and chosen not in found:
            found = [chosen, *found]
        self.target.choices = [(option.value, option.title) for option in found]

    @property
    def verdict(self) -> Verdict:
        """What is handed in; only of a form that is valid."""
        aspect = Aspect(self.aspect.data) if self.aspect.data else None
        return Verdict(
            kind=Kind(self.kind.data),
            why=self.why.data or "",
            phrase=self.phrase.data or "",
            check=self.check.data or "",
            target=targets.target_of(self.target.data or "", aspect),
            topic=self.topic.data or "",
            aspect=aspect or Aspect.OTHER,
            program=self.program.data or None,
            row=self.program.data or None,
        )


def _of_our_time(_form: Form, field: DateField) -> None:
    if field.data and field.data.year not in YEARS:
        raise ValidationError(f"Năm phải từ {YEARS[0]} đến {YEARS[-1]}. Đã nhập: {text(field.data)}.")


class SampleForm(Form):
    """Which answers a sample is drawn from, and how many."""

    since = DateField("Từ ngày", [InputRequired(_MISSING), _of_our_time])
    until = DateField("Đến ngày (tính cả ngày này)", [InputRequired(_MISSING), _of_our_time])
    size = IntegerField(
        "Số câu trả lời",
        [InputRequired(_MISSING), NumberRange(1, 500, "Nhập số câu từ 1 đến 500.")],
        default=50,
        description="Càng nhiều câu, khoảng tin cậy càng hẹp: 50 câu cho khoảng ±10 điểm phần trăm.",
    )

    def validate_until(self, field: DateField) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(f"Ngày cuối phải từ ngày {text(self.since.data)} trở đi.")

    @property
    def period(self) -> Period:
        """The days given; only of a form that is valid."""
        assert self.since.data
        assert self.until.data
        return Period("day", self.since.data, self.until.data)


def _by_name(names: dict[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda each: each[1])
