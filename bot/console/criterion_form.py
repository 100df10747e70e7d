"""The builder of a criterion: a fact, a comparison in words, a value of the fact's type."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, ValidationError

from bot.console.fields import FigureField
from bot.console.forms import Checkboxes, composed
from bot.console.provision_forms import MISSING, RowForm, with_basis
from bot.console.provision_rows import plain, rule
from bot.knowledge.domain import FactDefinition, FactType, Operator, Scope
from bot.knowledge.editing.criteria import options
from bot.knowledge.editing.units import Content
from bot.knowledge.schema import encode
from bot.knowledge.snapshot import Snapshot

_LISTS = {Operator.IN, Operator.NOT_IN}


class CriterionForm(RowForm):
    """What every criterion has; the value's field is that of the fact's type."""

    op = SelectField("So sánh")
    label = StringField(
        "Câu nói với người dân", filters=[composed], description="Để trống thì tự đặt, ví dụ: “Tuổi từ 75 trở lên”."
    )
    document = SelectField("Căn cứ riêng", description="Để trống là căn cứ của quy định.")
    article = StringField("Điều, khoản", filters=[composed])
    group = StringField("Tên nhóm", filters=[composed])

    def given(self) -> Content:
        """The value, or the parameter with its factor, as JSON holds it."""
        raise NotImplementedError

    def content_for(self, fact: FactDefinition, snapshot: Snapshot) -> Content:
        """The criterion; without words of the officer's own it is told as the rule reads."""
        made: Content = {"fact": fact.id, "op": self.op.data, "label": self.label.data}
        if self.op.data != Operator.UNSETTLED:
            made |= self.given()
        made["label"] = made["label"] or rule(made, snapshot)
        return with_basis(made, self)


class _YesNo(CriterionForm):
    value = RadioField("Giá trị", choices=[("yes", "Có"), ("no", "Không")], validate_choice=False)

    def validate_value(self, field: RadioField) -> None:
        if self.op.data != Operator.UNSETTLED and field.data not in {"yes", "no"}:
            raise ValidationError("Hãy chọn Có hoặc Không.")

    def given(self) -> Content:
        return {"value": self.value.data == "yes"}


class _Choices(CriterionForm):
    value = Checkboxes("Giá trị")

    def validate_value(self, field: Checkboxes) -> None:
        chosen = field.data or []
        if self.op.data == Operator.UNSETTLED:
            return
        if not chosen:
            raise ValidationError("Hãy chọn ít nhất một giá trị.")
        if self.op.data not in _LISTS and len(chosen) > 1:
            raise ValidationError(
                f"So sánh này chỉ đi với một giá trị; đã chọn {len(chosen)}. Hãy dùng “là một trong”."
            )

    def given(self) -> Content:
        chosen = list(self.value.data or ())
        return {"value": chosen if self.op.data in _LISTS else chosen[0]}


class _Figure(CriterionForm):
    value = FigureField("Giá trị", description="Ví dụ: 75, hoặc 1.500.000.")
    parameter = SelectField("Hoặc so với tham số")
    factor = FigureField("Hệ số nhân với tham số", description="Để trống là 1. Ví dụ: 1,5.")

    def validate_value(self, field: FigureField) -> None:
        if self.op.data != Operator.UNSETTLED and (field.data is None) == (not self.parameter.data):
            raise ValidationError("Hãy điền một trong hai: giá trị, hoặc tham số.")

    def given(self) -> Content:
        if self.parameter.data:
            factor = self.factor.data
            return {"parameter": self.parameter.data, **({"factor": format(factor, "f")} if factor is not None else {})}
        number: Decimal = self.value.data
        return {"value": int(number) if number == int(number) else encode(number)}


def facts_by_scope(snapshot: Snapshot) -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts that a criterion can read, to be chosen from, by whom they are about."""
    titles = {Scope.HOUSEHOLD: "Về hộ gia đình", Scope.PERSON: "Về từng người"}
    return [
        (
            title,
            sorted(
                ((fact.id, fact.label) for fact in snapshot.facts.values() if fact.scope is scope and options(fact)),
                key=lambda each: each[1],
            ),
        )
        for scope, title in titles.items()
    ]


def criterion_form(
    fact: FactDefinition, snapshot: Snapshot, posted: Any = None, data: dict[str, Any] | None = None
) -> CriterionForm:
    """The form for a criterion on ``fact``."""
    form: CriterionForm
    match fact.type:
        case FactType.BOOLEAN:
            form = _YesNo(posted, data=data)
        case FactType.CHOICE | FactType.COMMUNE:
            form = _Choices(posted, data=data)
            communes = sorted((each.name, code) for code, each in snapshot.communes.items())
            form.value.choices = (
                [(choice.id, choice.label) for choice in fact.choices]
                if fact.type is FactType.CHOICE
                else [(code, name) for name, code in communes]
            )
        case _:
            form = _Figure(posted, data=data)
            form.parameter.choices = parameter_choices(snapshot)
    form.op.choices = [(operator.value, _words(fact, words)) for operator, words in options(fact).items()]
    form.op.validators = [InputRequired(MISSING)]
    return form


def data_of_criterion(row: Content) -> dict[str, Any]:
    """A criterion's value as its field takes it."""
    value = plain(row.get("value"))
    match value:
        case bool():
            return {"value": "yes" if value else "no"}
        case str():
            return {"value": [value]}
        case int():
            return {"value": Decimal(value)}
    return {"value": value}


def parameter_choices(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Parameters to choose from, after the choice of none."""
    return [
        ("", "– không –"),
        *sorted(((each.id, each.name) for each in snapshot.parameters.values()), key=lambda e: e[1]),
    ]


def _words(fact: FactDefinition, words: str) -> str:
    return f"{fact.label}: có hay không" if words == "{}" else words.format("…")
