"""The OpenAPI description, made of the schema that the rows are checked by, so that the two cannot part."""

from __future__ import annotations

from typing import Any

from bot.channels.web.bodies import ChangesQuery
from bot.channels.web.policy.files import ALL, NOTICE, PREFIX
from bot.knowledge.journal import Action
from bot.knowledge.schema import PolicyFile
from bot.knowledge.sharing.flat import TABLES

_REF = "#/components/schemas/{model}"
_NOT_MODIFIED = {"description": "Nothing new since the ETag given in If-None-Match."}
_WRONG = {"description": "A parameter that does not fit; `field` names it."}
_TOO_OFTEN = {"description": "Too many calls; Retry-After says how many seconds to wait."}
_NOTICE = {"type": "object", "properties": {language: {"type": "string"} for language in NOTICE}}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}
_HEAD: dict[str, Any] = {"version": {"type": "integer"}, "changed_at": _MOMENT, "notice": _NOTICE}
_ADDRESS = {"type": "string"}


def description(server: str) -> dict[str, Any]:
    """The description of all addresses; ``server`` is where the gateway is reached from outside, if that is set."""
    schema = PolicyFile.model_json_schema(ref_template=_REF, mode="serialization")
    kinds = schema["properties"]
    paths = {
        PREFIX: _path("What there is", _json(_contents())),
        f"{PREFIX}/{ALL}.json": _path("All rows", _json(_object(_HEAD | kinds))),
        **{
            f"{PREFIX}/{kind}.json": _path(f"Rows: {kind}", _json(_object(_HEAD | {kind: rows})))
            for kind, rows in kinds.items()
        },
        **{
            f"{PREFIX}/{table.name}.csv": _path(f"Table: {table.name}", _csv(table.columns))
            for table in TABLES.values()
        },
        f"{PREFIX}/changes.json": _path("Changes since a version", _json(_changes()), parameters=_changes_parameters()),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "An Sinh: published policy tables and FAQ", "version": "1", "description": NOTICE["en"]},
        "servers": [{"url": server or "/"}],
        "paths": paths,
        "components": {"schemas": schema["$defs"]},
    }


def _path(summary: str, content: dict[str, Any], *, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    responses = {"200": {"description": summary, "content": content}, "304": _NOT_MODIFIED, "429": _TOO_OFTEN}
    if parameters:
        responses["400"] = _WRONG
    return {"get": {"summary": summary, "parameters": parameters or [], "responses": responses}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _csv(columns: Any) -> dict[str, Any]:
    told = f"UTF-8 with a byte order mark; columns: {', '.join(columns)}"
    return {"text/csv": {"schema": {"type": "string", "description": told}}}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _contents() -> dict[str, Any]:
    files = {"files": {"type": "array", "items": _ADDRESS}, "changes": _ADDRESS, "openapi": _ADDRESS}
    return _object(_HEAD | files)


def _changes() -> dict[str, Any]:
    change = _object(
        {
            "version": {"type": "integer"},
            "kind": {"type": "string"},
            "key": {"type": "string"},
            "action": {"type": "string", "enum": [action.value for action in Action]},
            "at": {"type": "string", "format": "date-time"},
        }
    )
    return _object(
        {
            "version": {"type": "integer"},
            "since": {"type": "integer"},
            "complete": {
                "type": "boolean",
                "description": "False: the list begins later than that; take all rows anew.",
            },
            "changes": {"type": "array", "items": change},
            "next": {"type": ["string", "null"], "description": "Where the list goes on."},
            "notice": _NOTICE,
        }
    )


def _changes_parameters() -> list[dict[str, Any]]:
    told = {
        "since": "The version taken over last; 0 for everything.",
        "after": "Where to go on; from next.",
        "limit": "At most so many changes.",
    }
    schemas = ChangesQuery.model_json_schema()["properties"]
    return [{"name": name, "in": "query", "description": text, "schema": schemas[name]} for name, text in told.items()]
