"""The sentences that the gateway says by itself, read from ``voice.yml``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict

from bot.conversation.messages import Draft, system_answer
from bot.knowledge.clock import VIETNAM
from bot.knowledge.status import Status

_FILE = Path(__file__).with_name("voice.yml")


def _paragraphs(text: str) -> str:
    """YAML folds a paragraph's lines and keeps one line break between two; a reader wants two."""
    return text.replace("\n", "\n\n")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Button(_Strict):
    title: str
    act: dict[str, Any]


class _Reply(_Strict):
    status: Status
    text: Annotated[str, AfterValidator(_paragraphs)]
    buttons: list[_Button] = []


class Office(_Strict):
    """Who answers when a citizen asks for a person; empty fields are not spoken of."""

    name: str = ""
    phone: str = ""
    hours: str = ""


class Voice(_Strict):
    """Everything in ``voice.yml``. Names that are not there raise ``KeyError``: a slip of ours."""

    replies: dict[str, _Reply]
    phrases: dict[str, str]
    kinds: dict[str, str]
    errors: dict[str, str]
    fields: dict[str, str]

    def reply(self, name: str, as_of: dt.date, **values: object) -> Draft:
        """The reply of that name with its placeholders filled."""
        entry = self.replies[name]
        return Draft(
            text=entry.text.format(**values),
            answer=system_answer(entry.status, as_of),
            buttons=tuple((button.title, button.act) for button in entry.buttons),
        )

    def error(self, code: str, **values: object) -> str:
        """What an API error of that code says."""
        return self.errors[code].format(**values)

    def personal_data_warning(self, kinds: list[str]) -> str:
        """Asks not to send what was masked, named in plain words."""
        names = dict.fromkeys(self.kinds.get(kind, self.kinds["other"]) for kind in kinds)
        return self.phrases["personal_data"].format(kinds=", ".join(names))

    def contact(self, office: Office) -> str:
        """One sentence that says whom to turn to in a hurry."""
        hours = self.phrases["hours"].format(hours=office.hours) if office.hours else ""
        parts = [part for part, given in (("office", office.name), ("phone", office.phone)) if given]
        phrase = self.phrases["contact_" + ("_and_".join(parts) or "none")]
        return phrase.format(office=office.name, phone=office.phone, hours=hours)


def load_voice() -> Voice:
    """Read and check ``voice.yml``."""
    return Voice.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def spoken_time(moment: dt.datetime) -> str:
    """A time of day as one says it: ``8 giờ 05 ngày 25/11/2026``."""
    local = moment.astimezone(VIETNAM)
    return f"{local.hour} giờ {local.minute:02d} ngày {local.day}/{local.month}/{local.year}"
