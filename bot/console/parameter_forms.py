"""The forms of a parameter: what it is called, and one of its values."""

from __future__ import annotations

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from bot.console.drafting import DraftForm
from bot.console.fields import DayField, FigureField, not_before
from bot.console.forms import composed
from bot.knowledge.domain import Evidence
from bot.knowledge.editing.units import Content
from bot.knowledge.words import EVIDENCE

_MISSING = "Hãy điền ô này."


class HeadForm(DraftForm):
    """What a parameter is called, and its unit."""

    name = StringField(
        "Tên tham số", [InputRequired(_MISSING)], filters=[composed], description="Ví dụ: Mức chuẩn trợ giúp xã hội."
    )
    unit = StringField(
        "Đơn vị", [InputRequired(_MISSING)], filters=[composed], description="Ví dụ: đồng/tháng, hoặc %/năm."
    )

    def head(self, key: str) -> Content:
        """The parameter without its values."""
        return {"id": key, "name": self.name.data, "unit": self.unit.data}


class ValueForm(DraftForm):
    """One value of a parameter."""

    amount = FigureField("Mức mới", [InputRequired(_MISSING)], render_kw={"inputmode": "decimal"})
    nothing = BooleanField("Đúng là 0, không phải gõ thiếu")
    applies_from = DayField("Áp dụng từ ngày", [InputRequired(_MISSING)])
    applies_to = DayField(
        "Áp dụng đến hết ngày", description="Để trống nếu chưa biết ngày kết thúc; có mức sau thì tự kết thúc trước đó."
    )
    document = SelectField("Căn cứ văn bản", [InputRequired("Hãy chọn văn bản.")])
    article = StringField("Điều, khoản", filters=[composed], description="Ví dụ: Điều 3 khoản 2.")
    evidence = SelectField("Mức tin cậy", choices=[*EVIDENCE.items()], default=Evidence.TEXT.value)

    def validate_amount(self, field: FigureField) -> None:
        """Nothing at all is more often a slip than a policy."""
        if field.data == 0 and not self.nothing.data:
            raise ValidationError("Mức đang ghi là 0. Nếu đúng là 0, hãy đánh dấu ô bên dưới rồi gửi lại.")

    def validate_applies_to(self, field: DayField) -> None:
        """Refuse days the wrong way round."""
        not_before(self.applies_from, field)

    def content(self, parameter: str) -> Content:
        """The value as one of ``parameter``."""
        basis = {"document": self.document.data, "article": self.article.data or None}
        return {
            "parameter": parameter,
            "applies_from": self.applies_from.data.isoformat(),
            "applies_to": self.applies_to.data.isoformat() if self.applies_to.data else None,
            "amount": format(self.amount.data, "f"),
            "legal_basis": {name: value for name, value in basis.items() if value},
            "evidence": self.evidence.data,
        }


class NewParameterForm(HeadForm, ValueForm):
    """A parameter with its first value."""

    amount = FigureField(
        "Mức",
        [InputRequired(_MISSING)],
        description="Ví dụ: 2.530.000 hoặc 4,5.",
        render_kw={"inputmode": "decimal"},
    )
