"""The form of a fact: its words, and the answers to choose from."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from bot.console.drafting import DraftForm
from bot.console.fields import LinesField
from bot.console.forms import composed
from bot.knowledge.domain import FactType
from bot.knowledge.editing.keys import key_for
from bot.knowledge.editing.units import Content
from bot.knowledge.words import SCOPE

_MISSING = "Hãy điền ô này."
_LEAST_CHOICES = 2
_SPARE = 2
_SPARE_OF_NEW = 5

TYPES = {
    FactType.BOOLEAN: ("Có hay không", "Nhà có trồng lúa không?"),
    FactType.CHOICE: ("Chọn một trong các câu trả lời", "Nhà mình là hộ nghèo, hộ cận nghèo hay hộ khác?"),
    FactType.MONEY: ("Số tiền", "Mỗi tháng nhà mình thu được bao nhiêu tiền?"),
    FactType.NUMBER: ("Con số", "Nhà có mấy người?"),
    FactType.DURATION: ("Số tháng", "Đã đóng bảo hiểm bao lâu?"),
}
"""The types that a new fact may have, each with an example: age and commune are asked by one fact for all programs."""


class ChoiceForm(Form):
    """One answer to choose; without ``id`` it is new."""

    id = HiddenField()
    label = StringField("Câu trả lời", filters=[composed])
    phrases = LinesField("Cách nói của người dân, mỗi dòng một cách", render_kw={"rows": 3})


class FactForm(DraftForm):
    """A fact's words; what criteria and code rest on (its type, the keys of its choices) stays."""

    label = StringField(
        "Tên gọi", [InputRequired(_MISSING)], filters=[composed], description="Ví dụ: Diện tích đất lúa."
    )
    question = TextAreaField(
        "Câu hỏi",
        [InputRequired(_MISSING)],
        filters=[composed],
        description="Trợ lý hỏi đúng câu này. Hỏi về từng người thì viết “người cần xét”, tên người được điền vào đó.",
        render_kw={"rows": 2},
    )
    help = TextAreaField("Giải thích thêm", filters=[composed], render_kw={"rows": 2})
    scope = SelectField("Hỏi về ai", choices=[*SCOPE.items()])
    phrases = LinesField(
        "Cách nói nghĩa là có, mỗi dòng một cách",
        description="Người dân nói câu này thì trợ lý hiểu là có, không hỏi lại.",
        render_kw={"rows": 4},
    )
    negative_phrases = LinesField("Cách nói nghĩa là không, mỗi dòng một cách", render_kw={"rows": 4})
    choices = FieldList(FormField(ChoiceForm), label="Câu trả lời để chọn")
    askable = BooleanField("Được hỏi người dân", description="Bỏ chọn khi chỉ suy ra từ thông tin khác.")
    sensitive = BooleanField("Thông tin nhạy cảm")

    def __init__(self, *args: Any, kind: FactType, fixed: Collection[str] = (), **kwargs: Any) -> None:
        """``fixed`` holds the keys of choices that are published: criteria may rest on them."""
        super().__init__(*args, **kwargs)
        self.kind, self._fixed = kind, fixed

    def spare(self, *, new: bool) -> None:
        """Room for further answers."""
        if self.kind is FactType.CHOICE:
            for _ in range(_SPARE_OF_NEW if new else _SPARE):
                self.choices.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field, that there is something to choose from."""
        good = super().validate(extra_validators)
        named = [entry.form for entry in self.choices if entry.form.label.data]
        for entry in self.choices:
            if entry.form.id.data in self._fixed and not entry.form.label.data:
                entry.form.label.errors = ["Câu trả lời đang công bố không bỏ được: các điều kiện có thể dựa vào đó."]
                good = False
        if good and self.kind is FactType.CHOICE and len(named) < _LEAST_CHOICES and self.choices.entries:
            self.choices[0].form.label.errors = ["Cần ít nhất hai câu trả lời để chọn."]
            good = False
        return good

    def content(self, old: Content) -> Content:
        """``old`` with the words of the form; a choice keeps its key, and what follows from it."""
        made: Content = {
            **old,
            "label": self.label.data,
            "question": self.question.data,
            "help": self.help.data or None,
            "scope": self.scope.data,
            "choices": self._made_choices(old),
            "askable": self.askable.data,
            "sensitive": self.sensitive.data,
        }
        if self.kind is FactType.BOOLEAN:
            made |= {"phrases": self.phrases.data or [], "negative_phrases": self.negative_phrases.data or []}
        return made

    def _made_choices(self, old: Content) -> list[Content]:
        known = {each["id"]: each for each in old.get("choices", ())}
        taken, shown, made = set(known), set(), []
        for entry in self.choices:
            said, key = entry.form, entry.form.id.data
            shown.add(key)
            if not said.label.data or (key and key not in known):
                continue
            key = key or key_for(said.label.data, taken)
            taken.add(key)
            words = {"label": said.label.data, "phrases": said.phrases.data or []}
            made.append({"id": key, **known.get(key, {}), **words})
        return [*made, *(each for key, each in known.items() if key not in shown)]
