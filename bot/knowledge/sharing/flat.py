"""The published rows as flat tables, for spreadsheets: what rows nest has tables of its own, with its owner's keys."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.knowledge.schema import CitationRow, CriterionRow, GroupRow, PolicyFile, ProgramRow, ProvisionRow, Row

Line = Mapping[str, Any]
_BASIS = ("document", "article")


@dataclass(frozen=True, slots=True)
class Table:
    """A table under a stable name, with stable columns; ``lines`` makes its lines of what is published."""

    name: str
    columns: Sequence[str]
    lines: Callable[[PolicyFile], Iterable[Line]]

    def rows(self, published: PolicyFile) -> Iterator[Sequence[str]]:
        """The lines, each value as text: nothing as an empty cell, several with ``; `` between."""
        for line in self.lines(published):
            yield [_text(line[column]) for column in self.columns]


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case {"decimal": number}:
            return str(number)
        case list():
            return "; ".join(map(str, value))
        case _:
            return str(value)


def _plain(row: Row) -> dict[str, Any]:
    """The fields as JSON has them, with the legal basis in columns."""
    fields = row.model_dump(mode="json")
    basis = fields.get("legal_basis")
    return {**fields, **basis} if isinstance(basis, dict) else fields


def _provisions(published: PolicyFile) -> Iterator[tuple[ProgramRow, ProvisionRow]]:
    for program in published.programs:
        for provision in program.provisions:
            yield program, provision


def _parts(name: str) -> Callable[[PolicyFile], Iterator[Line]]:
    def lines(published: PolicyFile) -> Iterator[Line]:
        for program, provision in _provisions(published):
            for part in getattr(provision, name):
                yield {"program": program.id, "provision": provision.key, **_plain(part)}

    return lines


def _criteria(published: PolicyFile) -> Iterator[Line]:
    for program, provision in _provisions(published):
        groups: list[tuple[GroupRow | None, Sequence[CriterionRow]]] = [(None, provision.common)]
        groups += [(group, group.criteria) for group in provision.groups]
        for group, criteria in groups:
            owner = {
                "program": program.id,
                "provision": provision.key,
                "group": group.key if group else None,
                "group_label": group.label if group else None,
            }
            yield from ({**_plain(criterion), **owner} for criterion in criteria)


def _cited(owner: Line, citations: Iterable[CitationRow]) -> Iterator[Line]:
    yield from ({**owner, **citation.model_dump()} for citation in citations)


def _provision_citations(published: PolicyFile) -> Iterator[Line]:
    for program, provision in _provisions(published):
        yield from _cited({"program": program.id, "provision": provision.key}, provision.legal_basis)


def _faq_citations(published: PolicyFile) -> Iterator[Line]:
    for faq in published.faq_entries:
        yield from _cited({"faq": faq.id}, faq.legal_basis)


def _own(name: str) -> Callable[[PolicyFile], Iterator[Line]]:
    return lambda published: map(_plain, getattr(published, name))


_PART = ("program", "provision")
TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        Table(
            "legal_documents",
            ("number", "title", "issuer", "issued", "effective_from", "effective_to", "replaced_by", "url"),
            _own("legal_documents"),
        ),
        Table("parameters", ("id", "name", "unit"), _own("parameters")),
        Table(
            "parameter_values",
            ("parameter", "applies_from", "applies_to", "amount", "unit", *_BASIS, "evidence"),
            lambda published: (
                {"parameter": parameter.id, "unit": parameter.unit, **_plain(value)}
                for parameter in published.parameters
                for value in parameter.values
            ),
        ),
        Table("topics", ("id", "name", "office"), _own("topics")),
        Table("offices", ("id", "name", "description", "phone", "evidence"), _own("offices")),
        Table(
            "programs",
            ("id", "topic", "name", "short_name", "summary", "scope", "office", "calculator"),
            _own("programs"),
        ),
        Table(
            "provisions",
            ("program", "key", "state", "applies_from", "applies_to", "note", "evidence"),
            lambda published: (
                {"program": program.id, **_plain(provision)} for program, provision in _provisions(published)
            ),
        ),
        Table("provision_citations", (*_PART, *_BASIS), _provision_citations),
        Table(
            "criteria",
            (
                *_PART, "group", "group_label", "fact", "op", "value", "parameter", "factor", "label", *_BASIS,
                "evidence",
            ),
            _criteria,
        ),
        Table(
            "benefits",
            (
                *_PART, "label", "amount", "parameter", "factor", "percent", "of", "text", "unit", "period",
                "at_least", "at_most", "groups", *_BASIS, "evidence",
            ),
            _parts("benefits"),
        ),
        Table("required_documents", (*_PART, "name", "note", "form", "evidence"), _parts("documents")),
        Table(
            "steps",
            (*_PART, "text", "where", "how", "time_limit", "fee", "url", "evidence"),
            _parts("steps"),
        ),
        Table(
            "citizen_facts",
            ("id", "type", "scope", "label", "question", "help", "sensitive", "min_age", "max_age"),
            _own("citizen_facts"),
        ),
        Table(
            "fact_choices",
            ("fact", "id", "label"),
            lambda published: (
                {"fact": fact.id, **_plain(choice)} for fact in published.citizen_facts for choice in fact.choices
            ),
        ),
        Table(
            "faq_entries",
            ("id", "topic", "program", "aspect", "question", "answer", "evidence", "applies_from", "applies_to"),
            _own("faq_entries"),
        ),
        Table(
            "faq_phrasings",
            ("faq", "text"),
            lambda published: (
                {"faq": faq.id, "text": phrasing} for faq in published.faq_entries for phrasing in faq.phrasings
            ),
        ),
        Table("faq_citations", ("faq", *_BASIS), _faq_citations),
        Table(
            "communes",
            (
                "code", "name", "kind", "area", "mountainous", "island", "region_class", "old_names", "old_district",
                "old_province",
            ),
            _own("communes"),
        ),
    )
}  # fmt: skip
"""All tables by name."""
