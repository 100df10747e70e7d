"""A plan as JSON, so that it can be kept between the dry run and the draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.knowledge.editing.units import Kind
from bot.knowledge.sheets.plan import FieldChange, Plan, RowChange
from bot.knowledge.sheets.problems import Problem


def to_json(plan: Plan) -> dict[str, Any]:
    """All that is shown of the plan and made of it; not where in the file its changes came from."""
    return {
        "version": plan.version,
        "rows": [asdict(row) for row in plan.rows],
        "problems": [[each.place, each.given, each.wrong, each.mend] for each in plan.problems],
        "notes": plan.notes,
        "unchanged": plan.unchanged,
        "changes": [[kind, key, content] for (kind, key), content in plan.changes.items()],
    }


def from_json(kept: dict[str, Any]) -> Plan:
    """The plan again."""
    return Plan(
        kept["version"],
        rows=[_row(row) for row in kept["rows"]],
        problems=[Problem(*each) for each in kept["problems"]],
        notes=kept["notes"],
        unchanged=kept["unchanged"],
        changes={(Kind(kind), key): content for kind, key, content in kept["changes"]},
    )


def _row(row: dict[str, Any]) -> RowChange:
    fields = tuple(FieldChange(**field) for field in row["fields"])
    return RowChange(**{**row, "kind": Kind(row["kind"]), "fields": fields})
