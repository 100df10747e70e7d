"""The descriptions of the gateway's APIs: complete, and of what there is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from bot.channels.web.bodies import MessageBody
from bot.channels.web.openapi import CITIZENS, OFFICERS, citizens
from bot.channels.web.policy.files import PREFIX
from bot.knowledge.db import Base
from tests.channels.conftest import Api, OpenApi

POLICY_NAMES = f"{PREFIX}/{{name}}"


@pytest.fixture
async def api(engine: Engine, open_api: OpenApi) -> Api:
    Base.metadata.create_all(engine)
    return await open_api()


async def described(api: Api, prefix: str) -> dict[str, Any]:
    async with api.client.get(f"{prefix}/openapi.json") as response:
        assert response.status == 200
        found: dict[str, Any] = await response.json()
        return found


def routes(api: Api, prefix: str) -> set[tuple[str, str]]:
    """Method and path of all below ``prefix`` that is for programs to call."""
    found = ((route.method, route.resource) for route in api.client.app.router.routes())
    return {
        (method, resource.canonical)
        for method, resource in found
        if resource is not None and resource.canonical.startswith(prefix) and method not in {"HEAD", "OPTIONS"}
    } - {("GET", f"{prefix}/openapi.json")}


def operations(description: dict[str, Any]) -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, found in description["paths"].items() for method in found}


@pytest.mark.parametrize("prefix", [CITIZENS, OFFICERS])
async def test_all_that_can_be_called_is_described_and_nothing_else(api: Api, prefix: str) -> None:
    assert routes(api, prefix) == operations(await described(api, prefix))


async def test_all_policy_files_are_described_and_nothing_else(api: Api) -> None:
    description = operations(await described(api, PREFIX))
    named = {(method, path) for method, path in description if (method, path) not in routes(api, PREFIX)}
    assert routes(api, PREFIX) - description == {("GET", POLICY_NAMES)}
    async with api.client.get(PREFIX) as response:
        assert named == {("GET", path) for path in (await response.json())["files"]}


@pytest.mark.parametrize("prefix", [CITIZENS, OFFICERS])
async def test_nobody_gets_in_without_a_token(open_api: OpenApi, prefix: str) -> None:
    api = await open_api(officers_secret="mat-khau-cua-can-bo")
    description = await described(api, prefix)
    asked = 0
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            if operation.get("security") == []:
                assert (method, path) == ("post", f"{CITIZENS}/session")
                continue
            for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
                sent = {"X-Ansinh-Officer": "an", **headers}
                async with api.client.request(method, path.format(code="AS-ACDEFG"), headers=sent, json={}) as answer:
                    assert answer.status == 401, (method, path, headers)
            asked += 1
    assert asked >= 7


def test_bodies_are_those_that_are_checked() -> None:
    fields = citizens("")["components"]["schemas"]["MessageBody"]["properties"]
    assert set(fields) == set(MessageBody.model_fields)


def test_a_set_address_is_told() -> None:
    assert citizens("https://ansinh.example")["servers"] == [{"url": "https://ansinh.example"}]


@pytest.mark.parametrize("path", ["/api/web/messages?after=", "/api/web/events?after="])
async def test_an_empty_position_is_none_of_ours(api: Api, path: str) -> None:
    await api.open()
    status, body = await api.call("GET", path)
    assert (status, body["error"]["field"]) == (400, "after")
