"""The published tables as other offices take them: versioned, open to read, nothing that is not published."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.web.policy.files import names
from bot.knowledge.db import Base
from bot.knowledge.loader import load
from bot.knowledge.schema import PolicyFile
from bot.knowledge.tables import FaqEntryRecord, KnowledgeVersionRecord, OfficeRecord
from tests.channels.conftest import Api, OpenApi
from tests.knowledge.seeds import seeds, write

V1 = "/api/policy/v1"


@pytest.fixture
async def api(engine: Engine, tmp_path: Path, open_api: OpenApi) -> Api:
    Base.metadata.create_all(engine)
    load(engine, write(tmp_path / "data", seeds()))
    return await open_api(rate_address_exports="1000/second")


async def get(api: Api, path: str, **headers: str) -> tuple[int, bytes, Any]:
    async with api.client.get(V1 + path, headers=headers) as response:
        return response.status, await response.read(), response.headers


async def read(api: Api, path: str) -> Any:
    status, body, _ = await get(api, path)
    assert status == 200, body
    return json.loads(body)


def publish(api: Api, change: Any) -> None:
    with Session(api.engine) as db, db.begin():
        change(db)
        version = db.get_one(KnowledgeVersionRecord, 1)
        version.number += 1


async def test_tells_what_there_is(api: Api) -> None:
    contents = await read(api, "")
    assert contents["version"] == 1
    assert contents["changed_at"].endswith("+07:00")
    assert contents["files"] == [f"{V1}/{name}" for name in names()]
    for address in (*contents["files"], contents["changes"], contents["openapi"]):
        status, _, headers = await get(api, address.removeprefix(V1))
        assert status == 200, address
        assert headers["Access-Control-Allow-Origin"] == "*"


async def test_rows_of_a_kind_are_those_of_the_data_files(api: Api) -> None:
    everything = await read(api, "/all.json")
    assert set(everything) == {"version", "changed_at", "notice", *PolicyFile.model_fields}
    rows = {kind: everything[kind] for kind in PolicyFile.model_fields}
    assert PolicyFile.model_validate(rows).programs[0].provisions[1].key == "2024"
    for kind in PolicyFile.model_fields:
        assert (await read(api, f"/{kind}.json"))[kind] == everything[kind]


async def test_a_table_opens_in_a_spreadsheet(api: Api) -> None:
    status, body, headers = await get(api, "/faq_entries.csv")
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert headers["Content-Disposition"] == 'attachment; filename="an-sinh-faq_entries-1.csv"'
    assert body.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert lines[0]["question"] == "Hộ nghèo vay được bao nhiêu?"


async def test_a_formula_does_not_run(api: Api) -> None:
    publish(api, lambda db: setattr(db.scalar(select(OfficeRecord)), "name", "=1+1"))
    _, body, _ = await get(api, "/offices.csv")
    assert "'=1+1" in body.decode()


async def test_who_has_it_already_is_told_so(api: Api) -> None:
    _, _, headers = await get(api, "/programs.json")
    tag = headers["ETag"]
    assert headers["X-Policy-Version"] == "1"
    status, body, headers = await get(api, "/programs.json", **{"If-None-Match": tag})
    assert (status, body, headers["ETag"]) == (304, b"", tag)
    publish(api, lambda db: setattr(db.scalar(select(OfficeRecord)), "name", "Ngân hàng"))
    status, _, headers = await get(api, "/programs.json", **{"If-None-Match": tag})
    assert (status, headers["X-Policy-Version"]) == (200, "2")
    assert headers["ETag"] != tag


async def test_nothing_unpublished_and_nobody_who_confirmed(api: Api) -> None:
    def hide(db: Session) -> None:
        faq = db.scalars(select(FaqEntryRecord)).one()
        faq.published = False
        office = db.scalars(select(OfficeRecord)).first()
        assert office is not None
        office.evidence, office.confirmed_by = "memory", "lan.pham"
        office.confirmed_at = dt.datetime(2026, 11, 30, tzinfo=dt.timezone.utc)

    publish(api, hide)
    everything = ""
    for name in ("", *(f"/{name}" for name in names()), "/changes.json"):
        _, body, _ = await get(api, name)
        everything += body.decode("utf-8-sig")
    assert "lan.pham" not in everything
    assert "confirmed" not in everything
    assert "Hộ nghèo vay được bao nhiêu?" not in everything
    offices = (await read(api, "/offices.json"))["offices"]
    # A row that an officer confirmed is as good as read in the text.
    assert {office["evidence"] for office in offices} == {"text"}


async def test_changes_since_a_version(api: Api) -> None:
    first = await read(api, "/changes.json?limit=3")
    assert (first["version"], first["since"], first["complete"]) == (1, 0, True)
    assert set(first["changes"][0]) == {"version", "kind", "key", "action", "at"}
    seen, following = [], f"{V1}/changes.json?limit=3"
    while following:
        page = await read(api, following.removeprefix(V1))
        seen += page["changes"]
        following = page["next"]
    assert {"kind": "faq", "action": "added"}.items() <= seen[-2].items() or any(c["kind"] == "faq" for c in seen)
    assert len({(change["kind"], change["key"]) for change in seen}) == len(seen)
    assert (await read(api, "/changes.json?since=1"))["changes"] == []


@pytest.mark.parametrize("query", ["since=x", "since=-1", "limit=501", "after=-1"])
async def test_a_wrong_question_names_the_field(api: Api, query: str) -> None:
    status, body, _ = await get(api, f"/changes.json?{query}")
    assert (status, json.loads(body)["error"]["field"]) == (400, query.partition("=")[0])


@pytest.mark.parametrize("path", ["/", "/x.json", "/programs.xml", "/programs", "/all.csv", "/.json", "/handover.json"])
async def test_what_is_not_there_is_404(api: Api, path: str) -> None:
    status, _, headers = await get(api, path)
    assert (status, headers["Access-Control-Allow-Origin"]) == (404, "*")


async def test_can_only_be_read(api: Api) -> None:
    for method in ("POST", "PUT", "DELETE"):
        async with api.client.request(method, f"{V1}/programs.json") as response:
            assert response.status == 405


async def test_a_page_of_another_site_may_ask_with_what_it_has(api: Api) -> None:
    asked = {"Origin": "https://xa.example", "Access-Control-Request-Headers": "if-none-match"}
    async with api.client.options(f"{V1}/programs.json", headers=asked) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Headers"] == "If-None-Match"
        assert "POST" not in response.headers["Access-Control-Allow-Methods"]


async def test_too_often_is_refused_readably(engine: Engine, open_api: OpenApi) -> None:
    Base.metadata.create_all(engine)
    api = await open_api(rate_address_exports="2/minute")
    assert [(await get(api, ""))[0] for _ in range(3)] == [200, 200, 429]
    _, _, headers = await get(api, "")
    assert int(headers["Retry-After"]) > 0
    assert headers["Access-Control-Allow-Origin"] == "*"


async def test_an_empty_database_has_empty_tables(engine: Engine, open_api: OpenApi) -> None:
    Base.metadata.create_all(engine)
    api = await open_api()
    everything = await read(api, "/all.json")
    assert (everything["version"], everything["changed_at"], everything["programs"]) == (0, None, [])


async def test_the_description_names_every_file_and_every_field(api: Api) -> None:
    description = await read(api, "/openapi.json")
    contents = await read(api, "")
    assert set(description["paths"]) == {V1, *contents["files"], contents["changes"]}
    schemas = description["components"]["schemas"]
    everything = await read(api, "/all.json")
    assert set(everything["programs"][0]) == set(schemas["ProgramRow"]["properties"])
    references = set(json.dumps(description).split('"#/components/schemas/')[1:])
    assert {reference.partition('"')[0] for reference in references} <= set(schemas)
