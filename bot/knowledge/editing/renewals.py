"""A legal document that replaces another: what still rests on the old one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from bot.knowledge.auditing.findings import parts_of
from bot.knowledge.domain import Citation, State
from bot.knowledge.editing.units import Content, Kind
from bot.knowledge.snapshot import Snapshot


def to_renew(snapshot: Snapshot, document: str, day: date) -> list[tuple[Kind, str]]:
    """The parameter values, provisions and FAQ entries that cite ``document`` and hold on ``day`` or later.

    Provisions that are closed stay as they were and are left out.
    """
    return list(_found(snapshot, document, day))


def renewed(content: Content, old: str, new: str) -> Content:
    """The same content, citing document ``new`` wherever it cited ``old``; articles are for the officer to look up."""
    made = _citing(content, old, new)
    assert isinstance(made, dict)
    return made


def _citing(value: Any, old: str, new: str) -> Any:
    match value:
        case list():
            return [_citing(each, old, new) for each in value]
        case {"document": number, **rest} if number == old and not rest.keys() - {"article"}:
            return {"document": new}
        case dict():
            return {name: _citing(each, old, new) for name, each in value.items()}
    return value


def _found(snapshot: Snapshot, document: str, day: date) -> Iterator[tuple[Kind, str]]:
    def cites(*citations: Citation) -> bool:
        return any(citation.document == document for citation in citations)

    def over(last: date | None) -> bool:
        return last is not None and last < day

    for parameter in snapshot.parameters.values():
        for value in parameter.values:
            if cites(value.legal_basis) and not over(value.applies_to):
                yield Kind.PARAMETER_VALUE, f"{parameter.id}/{value.applies_from}"
    for program in snapshot.programs.values():
        for provision in program.provisions:
            bases = (*provision.legal_basis, *(part.legal_basis for part in parts_of(provision)))
            if cites(*bases) and not over(provision.applies_to) and provision.state is not State.CLOSED:
                yield Kind.PROVISION, f"{program.id}/{provision.key}"
    for faq in snapshot.faqs.values():
        if cites(*faq.legal_basis) and not over(faq.applies_to):
            yield Kind.FAQ, faq.id
