"""The one style of forms: WTForms with sentences in Vietnamese, drawn by ``templates/forms.html``."""

from __future__ import annotations

import unicodedata
from typing import Any

from wtforms import Form, HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from bot.console import passwords
from bot.console.people import LOGIN_RULE
from bot.console.roles import Role
from bot.text.mask import mask
from bot.text.normalize import normalize

_MISSING = "Hãy điền ô này."


def composed(value: str | None) -> str:
    """What was typed, composed (NFC), with single spaces and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", value or "").split())


def masked(value: str | None) -> str:
    """Free text that is kept beside what officers do: composed, and without personal numbers."""
    return composed(mask(normalize(value or "")).text)


def _lower(value: str | None) -> str:
    return composed(value).lower()


class Checkboxes(SelectMultipleField):
    """Several choices, each with a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _autocomplete(value: str) -> dict[str, Any]:
    return {"autocomplete": value, "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(Form):
    """Login and password."""

    login = StringField(
        "Tên đăng nhập", [InputRequired(_MISSING)], filters=[_lower], render_kw=_autocomplete("username")
    )
    password = PasswordField("Mật khẩu", [InputRequired(_MISSING)], render_kw=_autocomplete("current-password"))


class CodeForm(Form):
    """The code of the second step."""

    code = StringField(
        "Mã xác thực (6 chữ số)",
        [InputRequired(_MISSING), Length(max=16, message="Mã có 6 chữ số.")],
        render_kw={**_autocomplete("one-time-code"), "inputmode": "numeric"},
    )


class PasswordForm(Form):
    """A new password of one's own; ``login`` is whose."""

    current = PasswordField("Mật khẩu hiện nay", [InputRequired(_MISSING)], render_kw=_autocomplete("current-password"))
    new = PasswordField(
        "Mật khẩu mới",
        [InputRequired(_MISSING)],
        description=f"Ít nhất {passwords.SHORTEST} ký tự, không chứa tên đăng nhập. Một câu ngắn là dễ nhớ.",
        render_kw=_autocomplete("new-password"),
    )
    again = PasswordField("Mật khẩu mới, nhập lại", [InputRequired(_MISSING)], render_kw=_autocomplete("new-password"))

    def __init__(self, *args: Any, login: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._login = login

    def validate_new(self, field: PasswordField) -> None:
        """Refuse a weak one."""
        weakness = passwords.weakness(field.data or "", self._login)
        if weakness:
            raise ValidationError(weakness)

    def validate_again(self, field: PasswordField) -> None:
        """Refuse a slip of the finger."""
        if field.data != self.new.data:
            raise ValidationError("Hai lần nhập mật khẩu mới không giống nhau.")


class PersonForm(Form):
    """Name and roles of an officer."""

    name = StringField(
        "Họ tên",
        [InputRequired(_MISSING), Length(max=120, message="Họ tên dài nhất 120 ký tự.")],
        filters=[composed],
        render_kw={"autocomplete": "off"},
    )
    roles = Checkboxes(
        "Vai trò",
        choices=[(role.value, role.label) for role in Role],
        description="Có thể chọn nhiều vai trò. Người phê duyệt không tự duyệt bài của mình.",
    )

    def validate_roles(self, field: Checkboxes) -> None:
        """Without a role an officer could do nothing."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một vai trò. Ai nghỉ việc thì bấm “Ngừng hoạt động”.")

    @property
    def given_roles(self) -> list[Role]:
        """The roles ticked."""
        return [Role(value) for value in self.roles.data or ()]


class NewPersonForm(PersonForm):
    """An officer who is not there yet."""

    login = StringField(
        "Tên đăng nhập",
        [InputRequired(_MISSING)],
        filters=[_lower],
        description=LOGIN_RULE,
        render_kw=_autocomplete("off"),
    )


class ReplyForm(Form):
    """An officer's message to a citizen; ``id`` makes sending it twice harmless."""

    id = HiddenField(validators=[InputRequired(_MISSING), Regexp(r"[A-Za-z0-9_-]{1,64}\Z", message=_MISSING)])
    text = TextAreaField(
        "Trả lời người dân",
        filters=[lambda value: normalize(value or "")],
        description="Người dân đọc đúng như anh/chị viết. Nội dung đang gõ được tự lưu.",
        render_kw={"rows": "7"},
    )

    def __init__(self, *args: Any, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._longest = longest

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse what is empty, or longer than a message may be."""
        length = len(field.data or "")
        if not 0 < length <= self._longest:
            raise ValidationError(f"Câu trả lời cần từ 1 đến {self._longest} ký tự. Đã nhập: {length} ký tự.")


class NoteForm(Form):
    """A note for colleagues."""

    note = TextAreaField(
        "Thêm ghi chú",
        [DataRequired(_MISSING), Length(max=2000, message="Ghi chú dài nhất 2000 ký tự.")],
        description="Không hiện cho người dân, nhưng họ có quyền xin bản sao. Chỉ ghi điều cần cho việc này, không ghi "
        "tên người khác. Số giấy tờ, số điện thoại được che.",
        render_kw={"rows": "2"},
    )
