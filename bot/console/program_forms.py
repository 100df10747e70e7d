"""The forms of a program: what it is called and how it is found; of a new one also its first provision."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from bot.console.drafting import DraftForm
from bot.console.fields import DayField, LinesField, choices_by_name, document_choices
from bot.console.forms import composed
from bot.knowledge.domain import Evidence, State
from bot.knowledge.editing.units import Content
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.words import EVIDENCE, SCOPE

_MISSING = "Hãy điền ô này."
_LONGEST_SHORT = 60


class ProgramForm(DraftForm):
    """What a program is called and how it is found."""

    name = StringField("Tên chương trình", [InputRequired(_MISSING)], filters=[composed])
    short_name = StringField(
        "Tên ngắn",
        [InputRequired(_MISSING), Length(max=_LONGEST_SHORT, message=f"Tên ngắn dài nhất {_LONGEST_SHORT} ký tự.")],
        filters=[composed],
        description="Hiện trên nút bấm và trong câu trả lời. Ví dụ: Vay hộ nghèo.",
    )
    topic = SelectField("Chủ đề", [InputRequired("Hãy chọn một chủ đề.")])
    summary = TextAreaField(
        "Tóm tắt cho người dân", [InputRequired(_MISSING)], filters=[composed], render_kw={"rows": 3}
    )
    scope = SelectField(
        "Xét cho",
        choices=[*SCOPE.items()],
        description="“Từng người” khi mỗi người trong nhà được xét riêng, như trợ cấp người cao tuổi.",
    )
    keywords = LinesField(
        "Từ khoá để tìm, mỗi dòng một từ",
        description="Những cách người dân gọi chương trình này, kể cả gọi tắt.",
        render_kw={"rows": 6},
    )
    office = SelectField("Nơi liên hệ")
    screened = BooleanField("Xét khi rà soát mọi quyền lợi")

    def offer_rows(self, snapshot: Snapshot) -> None:
        """Let topic and office be chosen from ``snapshot``."""
        self.topic.choices = [("", "– chọn chủ đề –"), *choices_by_name(snapshot.topics.values())]
        self.office.choices = [("", "– như chủ đề –"), *choices_by_name(snapshot.offices.values())]

    def content(self, old: Content) -> Content:
        """``old`` with what the form says."""
        fields = ("name", "short_name", "topic", "summary", "scope", "keywords", "screened")
        return {**old, **{name: self[name].data for name in fields}, "office": self.office.data or None}


class NewProgramForm(ProgramForm):
    """A program with the beginning of its first provision."""

    applies_from = DayField("Áp dụng từ ngày", [InputRequired(_MISSING)])
    document = SelectField("Căn cứ văn bản", [InputRequired("Hãy chọn văn bản.")])
    article = StringField("Điều, khoản", filters=[composed], description="Ví dụ: Điều 3 khoản 2.")
    evidence = SelectField("Mức tin cậy", choices=[*EVIDENCE.items()], default=Evidence.TEXT.value)

    def offer_rows(self, snapshot: Snapshot) -> None:
        """Let the document be chosen too."""
        super().offer_rows(snapshot)
        self.document.choices = document_choices(snapshot.documents.values())

    def provision(self, program: str) -> Content:
        """The first provision, as yet without criteria, benefits, papers and steps."""
        first = self.applies_from.data.isoformat()
        basis = {"document": self.document.data, "article": self.article.data or None}
        return {
            "program": program,
            "key": first,
            "state": State.OPEN.value,
            "applies_from": first,
            "legal_basis": [{name: value for name, value in basis.items() if value}],
            "evidence": self.evidence.data,
        }
