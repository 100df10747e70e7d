"""The forms of a provision's rows, and the content each makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField, TextAreaField
from wtforms.validators import URL, InputRequired, Optional, ValidationError

from bot.console.drafting import DraftForm
from bot.console.fields import DayField, FigureField, not_before
from bot.console.forms import Checkboxes, composed
from bot.knowledge.domain import State
from bot.knowledge.editing.units import Content
from bot.knowledge.words import EVIDENCE, PERIOD, STATE

MISSING = "Hãy điền ô này."
_SPARE = 2


class BasisForm(Form):
    """A place in a document; one without document says nothing."""

    document = SelectField("Văn bản", validate_choice=False)
    article = StringField("Điều, khoản", filters=[composed])


class ProvisionForm(DraftForm):
    """What a provision says of itself."""

    state = SelectField("Tình trạng", choices=[*STATE.items()])
    applies_from = DayField("Áp dụng từ ngày", [InputRequired(MISSING)])
    applies_to = DayField("Áp dụng đến hết ngày", description="Để trống nếu chưa biết ngày kết thúc.")
    note = TextAreaField(
        "Ghi chú cho người dân",
        filters=[composed],
        description="Bắt buộc khi đã kết thúc hoặc chờ quy định: điều gì đã hết, nay nên làm gì.",
        render_kw={"rows": 3},
    )
    evidence = SelectField("Mức tin cậy", choices=[*EVIDENCE.items()])
    legal_basis = FieldList(FormField(BasisForm), label="Căn cứ")

    def offer_documents(self, choices: Sequence[tuple[str, str]]) -> None:
        """Let each basis be chosen from ``choices``, with room for more."""
        while len(self.legal_basis) < _SPARE or self.legal_basis[-1].form.document.data:
            self.legal_basis.append_entry()
        for entry in self.legal_basis:
            entry.form.document.choices = choices

    def validate_applies_to(self, field: DayField) -> None:
        """Refuse days the wrong way round."""
        not_before(self.applies_from, field)

    def validate_note(self, field: TextAreaField) -> None:
        """What is over or to come needs a word."""
        if self.state.data != State.OPEN and not field.data:
            raise ValidationError("Quy định đã kết thúc hoặc chờ quy định cần một câu nói cho người dân biết.")

    def validate_legal_basis(self, field: FieldList) -> None:  # type: ignore[type-arg]  # generic in the stubs alone
        """At least one document."""
        if not any(entry.form.document.data for entry in field):
            raise ValidationError("Hãy chọn ít nhất một văn bản.")

    def content(self) -> Content:
        """What it says, to be laid over the provision."""
        return {
            "state": self.state.data,
            "applies_from": self.applies_from.data.isoformat(),
            "applies_to": self.applies_to.data.isoformat() if self.applies_to.data else None,
            "note": self.note.data or None,
            "evidence": self.evidence.data,
            "legal_basis": [basis for entry in self.legal_basis if (basis := basis_of(entry.form)) is not None],
        }


class RowForm(DraftForm):
    """A row: ``content`` makes its JSON."""

    def content(self) -> Content:
        """The fields that say something."""
        skip = {"draft", "title", "seen", "document", "article"}
        return {name: field.data for name, field in self._fields.items() if name not in skip and field.data}


class PaperForm(RowForm):
    """A paper to bring."""

    name = StringField("Tên giấy tờ", [InputRequired(MISSING)], filters=[composed])
    form = StringField("Mẫu", filters=[composed], description="Ví dụ: Mẫu số 01.")
    note = StringField("Ghi chú", filters=[composed])


class StepForm(RowForm):
    """A step of the procedure."""

    text = TextAreaField("Làm gì", [InputRequired(MISSING)], filters=[composed], render_kw={"rows": 3})
    where = StringField("Ở đâu", filters=[composed])
    how = StringField("Bằng cách nào", filters=[composed])
    time_limit = StringField("Thời hạn", filters=[composed])
    fee = StringField("Lệ phí", filters=[composed])
    url = StringField(
        "Địa chỉ làm trên mạng",
        [Optional(), URL(message="Địa chỉ phải bắt đầu bằng http:// hoặc https://.")],
        filters=[composed],
    )


class GroupForm(RowForm):
    """The name of an alternative."""

    label = StringField("Tên nhóm", [InputRequired(MISSING)], filters=[composed])


class BenefitForm(RowForm):
    """What one gets: exactly one of amount, parameter, percentage, words."""

    label = StringField("Tên khoản", [InputRequired(MISSING)], filters=[composed])
    amount = FigureField("Số tiền", description="Điền đúng một trong bốn: số tiền, tham số, phần trăm, lời.")
    parameter = SelectField("Theo tham số")
    factor = FigureField("Hệ số nhân với tham số", description="Để trống là 1. Ví dụ: 1,5.")
    percent = FigureField("Phần trăm")
    of = StringField("Phần trăm của", filters=[composed], description="Ví dụ: mức đóng bảo hiểm y tế.")
    text = TextAreaField("Bằng lời", filters=[composed], render_kw={"rows": 2})
    unit = StringField("Đơn vị", filters=[composed], description="Ví dụ: đồng/hộ. Để trống là đồng.")
    period = SelectField("Kỳ", choices=[("", "không theo kỳ"), *PERIOD.items()])
    at_least = BooleanField("Ít nhất")
    at_most = BooleanField("Nhiều nhất")
    groups = Checkboxes("Chỉ cho các nhóm", description="Không chọn nhóm nào là cho tất cả.")
    document = SelectField("Căn cứ riêng", description="Để trống là căn cứ của quy định.")
    article = StringField("Điều, khoản", filters=[composed])

    def validate_amount(self, _field: FigureField) -> None:
        """Exactly one kind."""
        given = [name for name in ("amount", "parameter", "percent", "text") if self[name].data not in (None, "")]
        if len(given) != 1:
            said = "chưa điền mục nào" if not given else ", ".join(str(self[name].label.text) for name in given)
            raise ValidationError(f"Cần đúng một trong bốn: số tiền, tham số, phần trăm, lời. Đã điền: {said}.")

    def content(self) -> Content:
        """With figures as JSON holds them."""
        made = super().content()
        for name in ("amount", "factor", "percent"):
            if self[name].data is not None:
                made[name] = format(self[name].data, "f")
        if not self.parameter.data:
            made.pop("factor", None)
        return with_basis(made, self)


def data_of(row: Content) -> dict[str, Any]:
    """A row's JSON as fields take it."""
    figures = {name: Decimal(row[name]) for name in ("amount", "factor", "percent") if row.get(name)}
    days = {name: dt.date.fromisoformat(row[name]) for name in ("applies_from", "applies_to") if row.get(name)}
    own = row.get("legal_basis")
    basis = own if isinstance(own, Mapping) else {}
    return {**row, **figures, **days, "document": basis.get("document", ""), "article": basis.get("article", "")}


def basis_of(form: Any) -> Content | None:
    """The place in a document that a form names, if it names one."""
    if not form.document.data:
        return None
    return {"document": form.document.data, **({"article": form.article.data} if form.article.data else {})}


def with_basis(made: Content, form: Any) -> Content:
    """The row with the basis of its own, where the form names one."""
    basis = basis_of(form)
    return {**made, "legal_basis": basis} if basis else made
