"""How figures, days and facts are written for a citizen."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from bot.knowledge.answer import CitationView, CriterionView
from bot.knowledge.currency import expired, in_force
from bot.knowledge.domain import (
    Benefit,
    Citation,
    Criterion,
    Evidence,
    FactType,
    Parameter,
    RequiredDocument,
    Step,
)
from bot.knowledge.engine import CriterionResult
from bot.knowledge.snapshot import Snapshot
from bot.knowledge.values import Age, FactKey, FactValue
from bot.knowledge.voice import member_name, say
from bot.text.money import format_money


def day_text(day: date) -> str:
    """Return a day as "25/11/2026"."""
    return f"{day:%d/%m/%Y}"


def number_text(number: Decimal) -> str:
    """Return a number with a decimal comma and no idle zeros: "7,488"."""
    return f"{number.normalize():f}".replace(".", ",")


def benefit_amount(benefit: Benefit, parameters: Mapping[str, Parameter], day: date) -> Decimal | None:
    """Return what the benefit comes to in đồng on ``day``; ``None`` for words, shares and missing figures."""
    if benefit.amount is not None:
        return benefit.amount
    if benefit.parameter is None:
        return None
    value = parameters[benefit.parameter].on(day) if benefit.parameter in parameters else None
    return value.amount * benefit.factor if value else None


def amount_text(amount: Decimal, unit: str) -> str:
    """Return an amount with its unit: "2.200.000 đồng/người/tháng", "7,488%/năm", "15 m²"."""
    if unit.startswith("đồng"):
        return f"{format_money(int(amount))}{unit.removeprefix('đồng')}"
    return f"{number_text(amount)}{unit if unit.startswith('%') else ' ' + unit}"


def figure_text(benefit: Benefit, parameters: Mapping[str, Parameter], day: date) -> str | None:
    """Return what the benefit comes to on ``day`` in words: "540.000 đồng/người/tháng"; ``None`` where not known."""
    if benefit.text is not None:
        return benefit.text
    bound = next((say("answers", name) + " " for name in ("at_least", "at_most") if getattr(benefit, name)), "")
    if benefit.percent is not None:
        return f"{bound}{number_text(benefit.percent)}%{' ' + benefit.of if benefit.of else ''}"
    amount = benefit_amount(benefit, parameters, day)
    if amount is None:
        return None
    unit = benefit.unit or (parameters[benefit.parameter].unit if benefit.parameter else "đồng")
    if unit.startswith("đồng") and benefit.unit is None:
        unit = "đồng"
    period = f"/{say('periods', benefit.period)}" if benefit.period and benefit.period != "once" else ""
    period = "" if not unit.startswith("đồng") or period in unit else period
    return f"{bound}{amount_text(amount, unit)}{period}"


def benefit_text(benefit: Benefit, parameters: Mapping[str, Parameter], day: date) -> str:
    """Return one benefit in words: "Trợ cấp hằng tháng: 540.000 đồng/người/tháng"."""
    figure = figure_text(benefit, parameters, day)
    return benefit.label if figure is None else f"{benefit.label}: {figure}"


def document_text(document: RequiredDocument) -> str:
    """Return one paper to bring."""
    form = f" ({document.form})" if document.form else ""
    note = f" – {document.note}" if document.note else ""
    return f"{document.name}{form}{note}"


def step_text(step: Step) -> str:
    """Return one step with where, how, time and fee."""
    parts = [step.text]
    for name, value in (
        ("where", step.where),
        ("how", step.how),
        ("limit", step.time_limit),
        ("fee", step.fee),
    ):
        if value:
            parts.append(say("answers", name, **{name: value}))
    if step.url:
        parts.append(say("answers", "online", url=step.url))
    return ". ".join(part.rstrip(".") for part in parts) + "."


def value_text(fact: str, value: FactValue, snapshot: Snapshot, day: date) -> str:
    """Return the value of a fact in words."""
    definition = snapshot.facts[fact]
    match value:
        case bool():
            return say("buttons", "yes" if value else "no").lower()
        case Age():
            least, most = value.years_on(day)
            return f"{least} tuổi" if least == most else f"{least}–{most} tuổi"
        case Decimal() if definition.type is FactType.DURATION:
            return say("calculators", "months", months=number_text(value))
        case Decimal():
            return format_money(int(value)) if definition.type is FactType.MONEY else number_text(value)
        case str() if definition.type is FactType.COMMUNE:
            commune = snapshot.communes.get(value)
            return commune.name if commune else value
        case _:
            return next((choice.label.lower() for choice in definition.choices if choice.id == value), str(value))


def fact_text(key: FactKey, value: FactValue, snapshot: Snapshot, day: date) -> str:
    """Return a stated fact in words: "mẹ: 76 tuổi", "loại hộ: hộ cận nghèo"."""
    member, fact = key
    definition = snapshot.facts[fact]
    words = value_text(fact, value, snapshot, day)
    if definition.type is not FactType.AGE:
        words = f"{lower_first(definition.label)}: {words}"
    return f"{member_name(member)} {words}" if member is not None else words


def facts_text(facts: Mapping[FactKey, FactValue], snapshot: Snapshot, day: date) -> str:
    """Return stated facts in words, one after the other."""
    return "; ".join(fact_text(key, value, snapshot, day) for key, value in facts.items())


def citation_text(citation: Citation) -> str:
    """Return "Điều 21, văn bản 41/2024/QH15"."""
    return f"{citation.article}, {citation.document}" if citation.article else citation.document


def dated_citation_text(citation: Citation, day: date, snapshot: Snapshot) -> str:
    """Return the citation; of a document no longer in force on ``day``, with its last day and what replaced it."""
    document = snapshot.documents.get(citation.document)
    text = citation_text(citation)
    if document is None or document.effective_to is None or not expired(document, day):
        return text
    last, successor = day_text(document.effective_to), in_force(citation, day, snapshot.documents).document
    if successor == citation.document:
        return say("answers", "expired", citation=text, day=last)
    return say("answers", "replaced", citation=text, day=last, successor=successor)


def citation_views(citations: Iterable[Citation], snapshot: Snapshot) -> tuple[CitationView, ...]:
    """Return the citations with the documents' dates, each once."""
    views = []
    for citation in dict.fromkeys(citations):
        document = snapshot.documents.get(citation.document)
        views.append(
            CitationView(
                citation.document,
                citation.article,
                document.effective_from.isoformat() if document and document.effective_from else None,
                document.effective_to.isoformat() if document and document.effective_to else None,
                document.url if document else None,
            )
        )
    return tuple(views)


def criterion_view(result: CriterionResult, snapshot: Snapshot, day: date) -> CriterionView:
    """Return a criterion as shown in an answer, with the value read."""
    value = None if result.value is None else value_text(result.criterion.fact, result.value, snapshot, day)
    return CriterionView(
        result.criterion.label,
        result.verdict.value,
        value,
        citation_text(in_force(result.criterion.legal_basis, day, snapshot.documents)),
    )


def rests_on_memory(rows: Iterable[Criterion | Benefit | RequiredDocument | Step]) -> bool:
    """Say whether any of the rows is known from memory alone."""
    return any(row.evidence is Evidence.MEMORY for row in rows)


def lower_first(text: str) -> str:
    """Return the text as it stands within a sentence; "UBND xã" keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
