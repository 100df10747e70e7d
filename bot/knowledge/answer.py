"""The answer of one turn, in the schema that web, Zalo, log and tests share (design §6)."""

from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any

from bot.knowledge.status import Status

Act = dict[str, Any]
"""What a button does, as JSON; the gateway signs it before it leaves the house."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its words and its act."""

    title: str
    act: Act


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion as shown: label, verdict, the value read, article."""

    label: str
    verdict: str
    value: str | None
    legal_basis: str


@dataclass(frozen=True, slots=True)
class ResultView:
    """One line of a screening."""

    program: str
    member: str | None
    verdict: str
    criteria: tuple[CriterionView, ...] = ()


@dataclass(frozen=True, slots=True)
class Asks:
    """The one pending question."""

    fact: str
    member: str | None
    type: str
    choices: tuple[str, ...] = ()
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question may have meant."""

    topic: str
    program: str | None
    aspect: str


@dataclass(frozen=True, slots=True)
class CitationView:
    """A citation with the document's dates."""

    document: str
    article: str | None
    effective_from: str | None
    effective_to: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The machine-readable side of an answer; ``text`` beside it says the same in words."""

    status: Status
    source: str
    as_of: date
    topic: str | None = None
    program: str | None = None
    aspect: str | None = None
    faq: str | None = None
    member: str | None = None
    verdict: str | None = None
    criteria: tuple[CriterionView, ...] = ()
    results: tuple[ResultView, ...] = ()
    asks: Asks | None = None
    readings: tuple[Reading, ...] = ()
    benefits: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    office: str | None = None
    checklist_url: str | None = None
    citations: tuple[CitationView, ...] = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the citizen."""

    text: str
    answer: Answer
    buttons: tuple[Button, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Return the form in which an action hands it to the gateway."""
        answer = {f.name: _plain(getattr(self.answer, f.name)) for f in fields(self.answer)}
        return {
            "text": self.text,
            "buttons": [{"title": b.title, "act": b.act} for b in self.buttons],
            "answer": answer,
        }


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(item) for item in value]
        case None | str() | bool() | int():
            return value
        case _:
            return asdict(value)
